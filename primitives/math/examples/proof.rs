//! The long proof: every boundary and many random points of every function against the arbitrary-precision oracle
//! (MATH-1), and the order of results at adjacent inputs (MATH-2). Prints Markdown; started by `scripts/math-proof.sh`.
//!
//! Usage: proof [--points N] [--seed S] [--threads T]

#[path = "../tests/support/mod.rs"]
mod support;

use qc_math::{probe::refinements, MathError, ONE};
use std::{env, process::ExitCode, thread};
use support::{
    functions::{Function, Point, ALL},
    oracle::Oracle,
    points::{boundaries, random_point, Random},
};

/// What a run over some points has seen.
#[derive(Default)]
struct Tally {
    points: u64,
    pairs: u64,
    errors: u64,
    undecided: u64,
    faults: Vec<String>,
    closest: Option<(u32, Point)>,
}

impl Tally {
    /// MATH-1 at one point.
    fn check_floor(&mut self, function: Function, point: Point, oracle: &mut Oracle) {
        self.points += 1;
        let (result, answer) = (function.call(point), oracle.answer(function, point));
        self.errors += u64::from(result.is_err());
        self.undecided += u64::from(result == Err(MathError::Undecided));
        if result != answer.result {
            self.faults.push(format!(
                "{} {point:?}: {result:?}, not {:?}",
                function.name(),
                answer.result
            ));
        }
        if let Some(bits) = answer
            .closeness
            .filter(|bits| self.closest.is_none_or(|(most, _)| *bits > most))
        {
            self.closest = Some((bits, point));
        }
    }

    /// MATH-2 at one point and its upper neighbours.
    fn check_order(&mut self, function: Function, point: Point) {
        let larger_argument = if function.has_signed_argument() {
            point.x.checked_add(1)
        } else {
            point.bits().checked_add(1).map(|x| x as i128)
        };
        let rises_with_argument = function != Function::Pow || point.y >= 0;
        if let Some(x) = larger_argument {
            self.check_pair(function, point, Point { x, ..point }, rises_with_argument);
        }
        if let (Function::Pow, Some(y)) = (function, point.y.checked_add(1)) {
            self.check_pair(function, point, Point { y, ..point }, point.bits() >= ONE);
        }
    }

    fn check_pair(&mut self, function: Function, low: Point, high: Point, rises: bool) {
        self.pairs += 1;
        let (smaller, larger) = if rises { (low, high) } else { (high, low) };
        // LogOfZero and AboveOne end the domain. Overflow and 1/0 are above every value.
        let ordered = match (function.call(smaller), function.call(larger)) {
            (Err(MathError::LogOfZero), _) | (_, Err(MathError::AboveOne)) => true,
            (Ok(a), Ok(b)) => a <= b,
            (_, Err(MathError::Overflow | MathError::DivisionByZero)) => true,
            _ => false,
        };
        if !ordered {
            self.faults.push(format!("{} order: {low:?} {high:?}", function.name()));
        }
    }

    fn join(&mut self, other: Self) {
        self.points += other.points;
        self.pairs += other.pairs;
        self.errors += other.errors;
        self.undecided += other.undecided;
        self.faults.extend(other.faults);
        self.closest = self.closest.max_by_bits(other.closest);
    }
}

trait MaxByBits {
    fn max_by_bits(self, other: Self) -> Self;
}

impl MaxByBits for Option<(u32, Point)> {
    fn max_by_bits(self, other: Self) -> Self {
        if self.map_or(0, |(bits, _)| bits) >= other.map_or(0, |(bits, _)| bits) {
            self
        } else {
            other
        }
    }
}

/// All boundaries on the first thread, random points on every thread.
fn run(function: Function, points: u64, seed: u64, threads: u64) -> Tally {
    let share = |thread: u64| {
        let (mut tally, mut oracle) = (Tally::default(), Oracle::new());
        if thread == 0 {
            for point in boundaries(function) {
                tally.check_floor(function, point, &mut oracle);
                tally.check_order(function, point);
            }
        }
        let mut random = Random::new(seed ^ (thread + 1) << 32 ^ function as u64);
        for _ in 0..points.div_ceil(threads) {
            let point = random_point(function, &mut random);
            tally.check_floor(function, point, &mut oracle);
            tally.check_order(function, point);
        }
        tally
    };
    thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|thread| scope.spawn(move || share(thread))).collect();
        handles.into_iter().fold(Tally::default(), |mut sum, handle| {
            sum.join(handle.join().expect("no thread panics"));
            sum
        })
    })
}

/// The number that follows `name` on the command line.
fn option(name: &str, default: u64) -> u64 {
    let arguments: Vec<String> = env::args().collect();
    let place = arguments.iter().position(|argument| argument == name);
    place
        .and_then(|place| arguments.get(place + 1))
        .map_or(default, |n| n.parse().expect("a whole number"))
}

fn described(closest: Option<(u32, Point)>, function: Function) -> String {
    closest.map_or_else(String::new, |(bits, point)| match function {
        Function::Pow => format!("2^-{bits} at ({}, {})", point.bits(), point.y),
        _ if function.has_signed_argument() => format!("2^-{bits} at {}", point.x),
        _ => format!("2^-{bits} at {}", point.bits()),
    })
}

fn main() -> ExitCode {
    let (points, seed, threads) = (
        option("--points", 1_000_000),
        option("--seed", 2026),
        option("--threads", 2),
    );
    println!("| function | boundaries | points in all | adjacent pairs | typed errors | refined | Undecided | faults | closest to a grid point, in units |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut faults = 0;
    for function in ALL {
        eprintln!("{} ...", function.name());
        let refined = refinements();
        let tally = run(function, points, seed, threads);
        let refined = refinements() - refined;
        let Tally {
            points,
            pairs,
            errors,
            undecided,
            ..
        } = tally;
        let (edges, closest) = (boundaries(function).len(), described(tally.closest, function));
        let (name, wrong) = (function.name(), tally.faults.len());
        println!(
            "| {name} | {edges} | {points} | {pairs} | {errors} | {refined} | {undecided} | {wrong} | {closest} |"
        );
        tally
            .faults
            .iter()
            .take(20)
            .for_each(|fault| eprintln!("FAULT {fault}"));
        faults += wrong;
    }
    if faults == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
