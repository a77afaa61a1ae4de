"""Line charts as SVG, with nothing but Python. Used by field-network.py and epoch-weight.py."""

from html import escape

WIDTH, HEIGHT = 900, 420
LEFT, RIGHT, TOP, BOTTOM = 78, 24, 52, 52
COLOURS = ["#3465a4", "#cc0000", "#4e9a06", "#75507b", "#c17d11", "#06989a"]


def ticks(low, high, about=6):
    """Round numbers from `low` to `high`."""
    if high <= low:
        return [low]
    power = 1.0
    while power * 10 <= (high - low) / about:
        power *= 10
    while power > (high - low) / about:
        power /= 10
    step = next(power * k for k in (1, 2, 5, 10) if (high - low) / (power * k) <= about)
    first = -(-low // step)
    return [(first + k) * step for k in range(int((high - first * step) / step + 1e-9) + 1)]


def shown(value):
    text = f"{value:.10f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
    return "0" if text in ("", "-0") else text


def line_chart(path, title, x_label, y_label, series, targets=(), shaded=(), dots=False, zero=True):
    """Writes a chart to `path`.

    series: (name, [(x, y), ...]); targets: (name, y), drawn as dashed lines; shaded: (name, from x, to x). With `dots`
    every point is marked; with `zero` the y axis begins at 0.
    """
    xs = [x for _, points in series for x, _ in points]
    ys = [y for _, points in series for _, y in points] + [y for _, y in targets]
    if not xs:
        raise ValueError(f"{path}: nothing to draw")
    x_low, x_high = min(xs), max(xs)
    x_high = x_high if x_high > x_low else x_low + 1
    y_low, y_high = (min(0, min(ys)) if zero else min(ys)), max(ys)
    room = (y_high - y_low) * 0.05 or abs(y_high) * 0.05 or 1
    y_low, y_high = (y_low if zero and y_low == 0 else y_low - room), y_high + room

    def at(x, y):
        across = LEFT + (x - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)
        return across, HEIGHT - BOTTOM - (y - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{WIDTH / 2:.0f}" y="20" text-anchor="middle" font-size="16">{escape(title)}</text>',
    ]
    bottom = HEIGHT - BOTTOM
    for name, start, end in shaded:
        a, b = at(max(start, x_low), 0)[0], at(min(end, x_high), 0)[0]
        out.append(f'<rect x="{a:.1f}" y="{TOP}" width="{max(b - a, 1):.1f}" height="{bottom - TOP}" fill="#eee"/>')
        out.append(f'<text x="{(a + b) / 2:.1f}" y="{bottom - 6}" text-anchor="middle" fill="#666">{escape(name)}</text>')
    for tick in ticks(y_low, y_high):
        y = at(x_low, tick)[1]
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{shown(tick)}</text>')
    for tick in ticks(x_low, x_high, 10):
        x = at(tick, y_low)[0]
        out.append(f'<path d="M{x:.1f} {bottom}v5" stroke="#222"/>')
        out.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{shown(tick)}</text>')
    out.append(f'<path d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="#222"/>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_label)}</text>')
    middle = (TOP + bottom) / 2
    out.append(f'<text x="16" y="{middle:.0f}" text-anchor="middle" transform="rotate(-90 16 {middle:.0f})">{escape(y_label)}</text>')
    for number, (name, y) in enumerate(sorted(targets, key=lambda target: -target[1])):
        level = at(x_low, y)[1]
        out.append(f'<path d="M{LEFT} {level:.1f}H{WIDTH - RIGHT}" stroke="#888" stroke-dasharray="6 4"/>')
        out.append(f'<text x="{WIDTH - RIGHT - 4}" y="{level + (13 if number % 2 else -4):.1f}" text-anchor="end" fill="#666">{escape(name)}</text>')
    across = LEFT
    for number, (name, points) in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        path_of = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in points))
        out.append(f'<polyline points="{path_of}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        if dots:
            out.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in (at(*p) for p in points))
        out.append(f'<rect x="{across}" y="36" width="12" height="4" fill="{colour}"/>')
        out.append(f'<text x="{across + 16}" y="42">{escape(name)}</text>')
        across += 30 + 7 * len(name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n</svg>\n")
