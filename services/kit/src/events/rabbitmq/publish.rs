//! Publishing with confirms.

use std::time::Duration;

use lapin::{BasicProperties, Channel, options::BasicPublishOptions};

use crate::events::{Message, bus::DeliveryError};

/// A broker that takes longer to confirm is taken for away.
const CONFIRM_WITHIN: Duration = Duration::from_secs(10);
const NAME: &str = "rabbitmq";

/// There is no connection.
pub(super) fn away() -> DeliveryError {
    DeliveryError::new(NAME, "there is no connection").away()
}

/// Publishes and waits until the broker has it on disk.
pub(super) async fn confirmed(channel: &Channel, exchange: &str, message: &Message) -> Result<(), DeliveryError> {
    let body = serde_json::to_vec(message).map_err(|error| DeliveryError::new(NAME, error))?;
    let properties = BasicProperties::default()
        .with_delivery_mode(2)
        .with_content_type("application/json".into())
        .with_message_id(message.id.as_str().into());
    let options = BasicPublishOptions::default();
    let confirm = async {
        channel.basic_publish(exchange.into(), message.kind.as_str().into(), options, &body, properties).await?.await
    };
    match tokio::time::timeout(CONFIRM_WITHIN, confirm).await {
        Ok(Ok(confirmation)) if confirmation.is_ack() => Ok(()),
        Ok(Ok(_)) => Err(DeliveryError::new(NAME, "the broker did not take it").away()),
        Ok(Err(error)) => Err(DeliveryError::new(NAME, error).away()),
        Err(late) => Err(DeliveryError::new(NAME, late).away()),
    }
}
