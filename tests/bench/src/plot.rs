//! The plot of a run: transactions of ours per block, over the blocks' own time.

use plotters::prelude::*;

use crate::report::Report;
use crate::{Error, Result};

const SIZE: (u32, u32) = (900, 420);
const BAR: RGBColor = RGBColor(52, 101, 164);
const LINE: RGBColor = RGBColor(204, 0, 0);

/// Draws `report` into `path`.
pub fn svg(report: &Report, path: &str) -> Result<()> {
    draw(report, path).map_err(|error| Error::Plot(error.to_string()))
}

fn draw(report: &Report, path: &str) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let seconds = |ms: u64| ms as f64 / 1_000.0;
    let end = report.blocks.last().map_or(1.0, |row| seconds(row.at_ms)) + 2.0;
    let top = report.blocks.iter().map(|row| row.ours).max().unwrap_or(1).max(1) as f64 * 1.15;
    let rate = report.sustained.or(report.throughput).unwrap_or_default();
    let caption = format!("{} on {}: {rate:.0}/s", report.kind, report.runtime);
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(caption, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d(-1.0..end, 0.0..top)?;
    chart
        .configure_mesh()
        .x_desc("seconds since the first loaded block")
        .y_desc("transactions in the block")
        .draw()?;
    chart.draw_series(report.blocks.iter().map(|row| {
        let at = seconds(row.at_ms);
        Rectangle::new([(at - 0.4, 0.0), (at + 0.4, row.ours as f64)], BAR.filled())
    }))?;
    let mean = rate * 2.0;
    chart.draw_series(LineSeries::new([(-1.0, mean), (end, mean)], LINE))?;
    root.present()?;
    Ok(())
}

/// Draws the rates of several runs, `groups` of (name, rates), as points over the number of the run.
pub fn compare_svg(groups: &[(String, Vec<f64>)], path: &str) -> Result<()> {
    draw_compare(groups, path).map_err(|error| Error::Plot(error.to_string()))
}

fn draw_compare(groups: &[(String, Vec<f64>)], path: &str) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let runs = groups.iter().map(|(_, rates)| rates.len()).max().unwrap_or(1) as f64;
    let top = groups
        .iter()
        .flat_map(|(_, rates)| rates)
        .fold(1.0, |a: f64, b| a.max(*b))
        * 1.15;
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption("sustained transactions a second, by run", ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d(0.5..runs + 0.5, 0.0..top)?;
    chart
        .configure_mesh()
        .x_desc("run")
        .y_desc("finalised transactions a second")
        .draw()?;
    for ((name, rates), colour) in groups
        .iter()
        .zip([BAR, LINE, RGBColor(78, 154, 6), RGBColor(117, 80, 123)])
    {
        let points = || rates.iter().enumerate().map(|(run, rate)| (run as f64 + 1.0, *rate));
        chart
            .draw_series(LineSeries::new(points(), colour))?
            .label(name.clone())
            .legend(move |(x, y)| Rectangle::new([(x, y - 4), (x + 10, y + 4)], colour.filled()));
        chart.draw_series(points().map(|point| Circle::new(point, 4, colour.filled())))?;
    }
    chart
        .configure_series_labels()
        .background_style(WHITE)
        .border_style(BLACK)
        .draw()?;
    root.present()?;
    Ok(())
}

/// Draws microseconds a transfer over the decimal logarithm of the number of accounts.
pub fn growth_svg(points: &[(f64, f64)], path: &str) -> Result<()> {
    draw_growth(points, path).map_err(|error| Error::Plot(error.to_string()))
}

fn draw_growth(points: &[(f64, f64)], path: &str) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let top = points.iter().fold(1.0, |top: f64, (_, cost)| top.max(*cost)) * 1.3;
    let left = points.first().map_or(0.0, |point| point.0) - 0.2;
    let right = points.last().map_or(1.0, |point| point.0) + 0.2;
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption("executing a transfer, by accounts in state", ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d(left..right, 0.0..top)?;
    chart
        .configure_mesh()
        .x_desc("accounts")
        .y_desc("microseconds a transfer")
        .x_label_formatter(&|power| format!("10^{power:.1}"))
        .draw()?;
    chart.draw_series(LineSeries::new(points.iter().copied(), BAR))?;
    chart.draw_series(points.iter().map(|point| Circle::new(*point, 4, BAR.filled())))?;
    root.present()?;
    Ok(())
}
