//! A bus that delivers twice and late, and kills its process right after or before it delivered.

use std::{
    collections::VecDeque,
    process::Command,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use kit::{
    bus::{Bus, Consumer, DeliveryError},
    events::Message,
};

/// Old messages that may come again.
const REMEMBERED: usize = 200;

/// Dies here, once in so many times.
pub(crate) fn maybe_die(place: &str, once_in: u32) {
    if rand::random_ratio(1, once_in) {
        // One line, whole: the judge reads it.
        println!("dying {place}");
        let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
        loop {
            std::thread::park();
        }
    }
}

pub(crate) struct Chaos {
    bus: Arc<dyn Bus>,
    old: Mutex<VecDeque<Message>>,
    once_in: u32,
}

impl Chaos {
    pub(crate) fn new(bus: Arc<dyn Bus>, once_in: u32) -> Self {
        Self { bus, old: Mutex::default(), once_in }
    }

    /// One of those delivered before.
    fn an_old_one(&self) -> Option<Message> {
        let old = self.old.lock().expect("nobody panicked here");
        (!old.is_empty()).then(|| old[rand::random_range(0..old.len())].clone())
    }
}

#[async_trait]
impl Bus for Chaos {
    fn subscribe(&self, consumer: Arc<dyn Consumer>) {
        self.bus.subscribe(Arc::new(Mortal { consumer, once_in: self.once_in }));
    }

    fn open(&self) {
        self.bus.open();
    }

    async fn opened(&self) {
        self.bus.opened().await;
    }

    async fn publish(&self, message: &Message) -> Result<(), DeliveryError> {
        maybe_die("before publishing", self.once_in);
        self.bus.publish(message).await?;
        maybe_die("between publishing and forgetting", self.once_in);
        if rand::random_ratio(1, 20) {
            self.bus.publish(message).await?;
            println!("twice");
        }
        if rand::random_ratio(1, 20)
            && let Some(old) = self.an_old_one()
        {
            self.bus.publish(&old).await?;
            println!("late");
        }
        let mut old = self.old.lock().expect("nobody panicked here");
        old.push_back(message.clone());
        if old.len() > REMEMBERED {
            old.pop_front();
        }
        Ok(())
    }

    async fn check(&self) -> Result<(), DeliveryError> {
        self.bus.check().await
    }

    fn parallel(&self) -> usize {
        self.bus.parallel()
    }

    fn crosses_processes(&self) -> bool {
        self.bus.crosses_processes()
    }
}

/// A consumer that dies before its work, or between the commit and the acknowledgement.
struct Mortal {
    consumer: Arc<dyn Consumer>,
    once_in: u32,
}

#[async_trait]
impl Consumer for Mortal {
    fn name(&self) -> &'static str {
        self.consumer.name()
    }

    fn kinds(&self) -> &[&'static str] {
        self.consumer.kinds()
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        self.consumer.receive(message).await?;
        maybe_die("between commit and acknowledgement", self.once_in);
        Ok(())
    }

    async fn bury(&self, message: &Message, attempts: u32, cause: &str) -> Result<(), DeliveryError> {
        self.consumer.bury(message, attempts, cause).await
    }
}
