//! `[storage]`: how much images may take.

use serde::{Deserialize, Serialize};
use storage::{Place, Settings};

/// `[storage]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Storage {
    /// Mebibytes that the images of one author may take together; 0 for no limit.
    pub author_quota_mib: u32,
    /// The same for one reader: pictures of themselves, screenshots.
    pub reader_quota_mib: u32,
}

impl Default for Storage {
    fn default() -> Self {
        Self { author_quota_mib: 5 * 1024, reader_quota_mib: 20 }
    }
}

impl Storage {
    /// As the service takes it.
    pub fn settings(&self, database_url: String, images: Place, backups: Place) -> Settings {
        let bytes = |mebibytes: u32| u64::from(mebibytes) << 20;
        Settings {
            author_quota: bytes(self.author_quota_mib),
            reader_quota: bytes(self.reader_quota_mib),
            ..Settings::new(database_url, images, backups)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_reach_the_service_in_bytes() {
        let place = || Place::Folder("data".into());
        let default = Storage::default().settings(String::new(), place(), place());
        let own = Settings::new("", place(), place());
        assert_eq!((default.author_quota, default.reader_quota), (own.author_quota, own.reader_quota));
        let storage = Storage { author_quota_mib: 3, reader_quota_mib: 0 };
        let settings = storage.settings(String::new(), place(), place());
        assert_eq!((settings.author_quota, settings.reader_quota), (3 << 20, 0));
    }
}
