//! Files in an object store.

use std::sync::Arc;

use bytes::Bytes;
use object_store::{Error, ObjectStore, ObjectStoreExt, path::Path};

/// Writes a file, whole or not at all.
pub(crate) async fn put(store: &Arc<dyn ObjectStore>, name: &str, bytes: Bytes) -> Result<(), Error> {
    store.put(&Path::from(name), bytes.into()).await.map(|_| ())
}

/// The bytes of a file; `None` when it is not there.
pub(crate) async fn get(store: &Arc<dyn ObjectStore>, name: &str) -> Result<Option<Bytes>, Error> {
    match store.get(&Path::from(name)).await {
        Ok(object) => object.bytes().await.map(Some),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Its length; `None` when it is not there.
pub(crate) async fn size(store: &Arc<dyn ObjectStore>, name: &str) -> Result<Option<u64>, Error> {
    match store.head(&Path::from(name)).await {
        Ok(meta) => Ok(Some(meta.size)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a file; one that is not there is fine.
pub(crate) async fn delete(store: &Arc<dyn ObjectStore>, name: &str) -> Result<(), Error> {
    match store.delete(&Path::from(name)).await {
        Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
