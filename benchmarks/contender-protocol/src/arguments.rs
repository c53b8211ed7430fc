use std::collections::HashMap;
use std::str::FromStr;

use crate::Failure;

/// `OPERATION [KEY=VALUE...]`, as the runner calls a contender.
pub struct Arguments {
    operation: String,
    values: HashMap<String, String>,
}

impl Arguments {
    pub fn from_command_line() -> Result<Self, Failure> {
        let mut words = std::env::args().skip(1);
        let operation = words.next().ok_or("usage: contender OPERATION [KEY=VALUE...]")?;
        let values = words
            .map(|word| match word.split_once('=') {
                Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
                None => Err(format!("{word}: expected KEY=VALUE")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { operation, values })
    }

    pub fn operation(&self) -> &str {
        &self.operation
    }

    pub fn text(&self, key: &str) -> Result<&str, Failure> {
        let value = self.values.get(key);
        Ok(value.ok_or_else(|| format!("{}: {key}= is missing", self.operation))?)
    }

    pub fn number<T: FromStr>(&self, key: &str) -> Result<T, Failure> {
        let text = self.text(key)?;
        let number = text.parse().map_err(|_| format!("{key}={text}: not a number that fits"))?;
        Ok(number)
    }

    pub fn count(&self) -> Result<usize, Failure> {
        self.number("count")
    }

    /// Whether `family` is `inet6`; otherwise it is `inet`.
    pub fn is_inet6(&self) -> Result<bool, Failure> {
        match self.text("family")? {
            "inet" => Ok(false),
            "inet6" => Ok(true),
            other => Err(format!("family={other}: expected inet or inet6").into()),
        }
    }
}
