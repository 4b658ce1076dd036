//! Looks at its world by the standard library, and exits with 3.
use std::collections::HashMap;
use std::io::Read;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() {
    println!("arguments {}, environment {}", std::env::args().count(), std::env::vars().count());
    let before = Instant::now();
    std::thread::sleep(Duration::from_millis(5));
    println!("slept {}", before.elapsed() >= Duration::from_millis(5));
    println!("time {}", SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() > 1_700_000_000);
    // The hash function of a map needs random numbers.
    println!("map {:?}", HashMap::from([(1, 2)]));
    println!("file {}", std::fs::File::open("/etc/hosts").is_ok());
    let mut input = String::new();
    println!("input {:?}", std::io::stdin().read_to_string(&mut input).ok());
    eprintln!("to standard error");
    if std::env::args().count() == 0 {
        std::process::exit(3);
    }
}
