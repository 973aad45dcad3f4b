//! The lines that a request leaves in the log.

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// Lines of the target `access`, each after the fields of the spans that it is in.
#[derive(Clone, Default)]
pub(crate) struct Log(pub(crate) Arc<Mutex<Vec<String>>>, Arc<Mutex<Spans>>);

/// The fields of all spans so far, and which of them are entered.
#[derive(Default)]
struct Spans {
    fields: Vec<String>,
    entered: Vec<usize>,
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{}={value:?} ", field.name()).expect("a string takes all");
    }
}

fn place(id: &Id) -> usize {
    usize::try_from(id.into_u64() - 1).expect("as many as there is memory for")
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "access" || (metadata.is_span() && metadata.name() == "request")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut spans = self.1.lock().expect("not poisoned");
        let mut line = String::new();
        span.record(&mut Fields(&mut line));
        spans.fields.push(line);
        Id::from_u64(spans.fields.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.1.lock().expect("not poisoned").fields[place(id)]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let spans = self.1.lock().expect("not poisoned");
        let mut line: String = spans.entered.iter().map(|at| spans.fields[*at].as_str()).collect();
        event.record(&mut Fields(&mut line));
        self.0.lock().expect("not poisoned").push(line);
    }

    fn enter(&self, id: &Id) {
        self.1.lock().expect("not poisoned").entered.push(place(id));
    }

    fn exit(&self, id: &Id) {
        self.1.lock().expect("not poisoned").entered.retain(|at| *at != place(id));
    }
}
