//! `concord store export`: everything, for another host.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;

use super::{Bar, DataArg, Folders, failed, wait};
use crate::cli::{Failed, Outcome, output};
use crate::store::sqlite::copy::{self, NewFile};

/// Write out everything that the store holds, for another host to begin with.
///
/// The export is text, one JSON object in each line (NDJSON): first what it is and how many rows there are, then the
/// public keys, every row of every table, and last the digest of all lines before. The private key never leaves: the
/// other host makes its own, and what was signed here verifies there. It shows one moment, and a host may go on writing
/// meanwhile. A file is for its owner alone, and takes the place of no other.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Export {
    /// The file to make; `-` for standard output.
    file: PathBuf,
    #[command(flatten)]
    data: DataArg,
}

impl Export {
    pub(in crate::cli) fn run(&self) -> Outcome {
        let folders = self.data.folders()?;
        if self.file == Path::new("-") {
            write(&folders, &mut BufWriter::new(io::stdout().lock()))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut file = BufWriter::new(NewFile::begin(&self.file).map_err(failed)?);
        write(&folders, &mut file)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.finish().map_err(failed)?;
        output::tell(&format!("{} is written", self.file.display()));
        Ok(ExitCode::SUCCESS)
    }
}

fn write(folders: &Folders, to: &mut dyn Write) -> Result<(), Failed> {
    let bar = Bar::new("exporting");
    wait(async {
        let export = copy::Export::begin(&folders.data).await.map_err(failed)?;
        let keys = folders.public_keys()?.keys;
        let keys = keys.iter().map(serde_json::to_value).collect::<Result<Vec<Value>, _>>()?;
        export.write(&keys, to, &bar).await.map_err(failed)
    })?
}
