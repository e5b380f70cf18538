//! Which flow has been idle for longest, by span of patience, without a stroke of work for most packets.
use std::collections::VecDeque;

use super::Flow;

/// Spans of patience.
pub const CLASSES: usize = 4;
/// The class of what is no flow any more.
pub const GONE: u8 = u8::MAX;

/// Flows of one class, roughly in the order in which they were last touched.
///
/// A flow stands where it was when it came, and packets do not move it: it moves when it is met at the front and was
/// touched since. So each moves once a span of patience, however many packets it has. What is left behind by flows that
/// changed their class or ended goes in the same way.
#[derive(Default)]
struct Queue {
    /// Flows by the time of their touch, the last one first.
    front: Vec<(i64, u32)>,
    /// Flows by the span of their touch, oldest first.
    spans: VecDeque<(i64, Vec<u32>)>,
    entries: usize,
}

/// Flows by class and by when they were last touched.
#[derive(Default)]
pub struct Idle {
    queues: [Queue; CLASSES],
}

/// The span of about a second a time belongs to.
fn span(time: i64) -> i64 {
    time >> 20
}

/// What a flow remembers of the span it is noted for: enough to tell it from all within its patience.
pub fn mark(span: i64) -> u16 {
    span.cast_unsigned() as u16
}

impl Idle {
    /// Notes a flow that came into its class; the flow keeps where it is noted.
    pub fn enter(&mut self, place: u32, flows: &mut [Flow]) {
        let flow = &mut flows[place as usize];
        let span = span(flow.touched);
        flow.queued = mark(span);
        let queue = &mut self.queues[usize::from(flow.class)];
        queue.put(span, place);
        if queue.entries > flows.len() * 2 + 1024 {
            queue.tidy(usize::from(flows[place as usize].class), flows);
        }
    }

    /// No flow of a class was last touched before this.
    pub fn since(&self, class: usize) -> Option<i64> {
        let queue = &self.queues[class];
        let front = queue.front.last().map(|(touched, _)| *touched);
        front.or_else(|| queue.spans.front().map(|(span, _)| span << 20))
    }

    /// The flow of a class that was touched longest ago, and when.
    pub fn first(&mut self, class: usize, flows: &mut [Flow]) -> Option<(i64, u32)> {
        let queue = &mut self.queues[class];
        loop {
            while let Some((touched, place)) = queue.front.pop() {
                queue.entries -= 1;
                let flow = &mut flows[place as usize];
                if !flow.is_queued(class, span(touched)) {
                    continue;
                }
                if flow.touched == touched {
                    queue.front.push((touched, place));
                    queue.entries += 1;
                    return Some((touched, place));
                }
                queue.again(place, flow);
            }
            let (span, places) = queue.spans.pop_front()?;
            queue.open(span, &places, class, flows);
        }
    }
}

impl Queue {
    fn put(&mut self, span: i64, place: u32) {
        self.entries += 1;
        match self.spans.back_mut() {
            Some((last, places)) if *last == span => return places.push(place),
            Some((last, _)) if *last > span => {}
            _ => return self.spans.push_back((span, vec![place])),
        }
        match self.spans.binary_search_by_key(&span, |(other, _)| *other) {
            Ok(at) => self.spans[at].1.push(place),
            Err(at) => self.spans.insert(at, (span, vec![place])),
        }
    }

    /// Puts a flow where it was touched last.
    fn again(&mut self, place: u32, flow: &mut Flow) {
        let touched = span(flow.touched);
        flow.queued = mark(touched);
        self.put(touched, place);
    }

    /// Makes a span the front; flows that were touched after it move to where they belong.
    fn open(&mut self, of: i64, places: &[u32], class: usize, flows: &mut [Flow]) {
        self.entries -= places.len();
        for &place in places {
            let flow = &mut flows[place as usize];
            if !flow.is_queued(class, of) {
                continue;
            }
            if span(flow.touched) == of {
                self.front.push((flow.touched, place));
                self.entries += 1;
            } else {
                self.again(place, flow);
            }
        }
        self.front.sort_unstable_by(|one, other| other.cmp(one));
    }

    /// Drops what flows left behind.
    fn tidy(&mut self, class: usize, flows: &[Flow]) {
        let mut left = self.front.len();
        for (span, places) in &mut self.spans {
            places.retain(|place| flows[*place as usize].is_queued(class, *span));
            left += places.len();
        }
        self.spans.retain(|(_, places)| !places.is_empty());
        self.entries = left;
    }
}
