//! Lines in, answers out, in the same order, no faster than they are taken.
//!
//! Nothing runs ahead: the body is read when answers are asked for, and only while less than [`IN_FLIGHT`]
//! parts wait to be judged or taken. Whoever takes no more is cut off by the connection; see `serve`.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Error;
use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::stream::{Stream, StreamExt, try_unfold};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{error::Elapsed, timeout};

use crate::decide::batch::{Cut, Line, Lines};

/// How long a caller may stay silent within a batch.
const SILENCE: Duration = Duration::from_secs(60);
/// Parts of a batch that are under way: being judged, or waiting to be taken.
const IN_FLIGHT: usize = 8;
/// Lines of a part: few, so that the first answer does not wait for many others.
const PART_LINES: usize = 16;
/// Bytes from which on a part takes no further line.
const PART_BYTES: usize = 64 * 1024;

/// Answers the lines of a body. Parts of all batches take `turns` to be judged, on threads that may be kept
/// busy.
pub(super) fn answers<J>(
    body: Body,
    lines: Lines,
    turns: Arc<Semaphore>,
    judge: J,
) -> impl Stream<Item = io::Result<Bytes>>
where
    J: Fn(Vec<Line>) -> Vec<u8> + Send + Sync + 'static,
{
    let body = body.into_data_stream();
    let (rest, flying, judge) = (Bytes::new(), VecDeque::new(), Arc::new(judge));
    let flow = Flow { body, rest, lines, ended: false, flying, turns, judge };
    try_unfold(flow, Flow::next)
}

struct Flow<J> {
    body: BodyDataStream,
    /// What came last and was not taken apart yet.
    rest: Bytes,
    lines: Lines,
    ended: bool,
    flying: VecDeque<oneshot::Receiver<Vec<u8>>>,
    turns: Arc<Semaphore>,
    judge: Arc<J>,
}

impl<J> Flow<J>
where
    J: Fn(Vec<Line>) -> Vec<u8> + Send + Sync + 'static,
{
    /// The next answers. It fails only where a part could not be judged to its end: the connection then breaks off.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        loop {
            while self.flying.len() < IN_FLIGHT && !self.rest.is_empty() {
                let part = self.part();
                self.start(part);
            }
            let reading = self.flying.len() < IN_FLIGHT && !self.ended;
            tokio::select! {
                biased;
                Some(answers) = front(&mut self.flying) => {
                    self.flying.pop_front();
                    return Ok(Some((answers.map_err(io::Error::other)?.into(), self)));
                }
                came = timeout(SILENCE, self.body.next()), if reading => self.take(came),
                else => return Ok(None),
            }
        }
    }

    fn take(&mut self, came: Result<Option<Result<Bytes, Error>>, Elapsed>) {
        let last = match came {
            Ok(Some(Ok(bytes))) => {
                self.rest = bytes;
                return;
            }
            Ok(None) => self.lines.last(),
            Ok(Some(Err(_))) => Some(self.lines.cut(Cut::BrokenOff)),
            Err(_) => Some(self.lines.cut(Cut::Silent)),
        };
        self.ended = true;
        self.start(last.into_iter().collect());
    }

    /// Lines that end in what came; none where none does.
    fn part(&mut self) -> Vec<Line> {
        let (mut part, mut bytes) = (Vec::new(), self.rest.as_ref());
        let before = bytes.len();
        while part.len() < PART_LINES && before - bytes.len() < PART_BYTES {
            match self.lines.next_in(&mut bytes) {
                Some(line) => part.push(line),
                None => break,
            }
        }
        self.rest = self.rest.slice(before - bytes.len()..);
        part
    }

    fn start(&mut self, part: Vec<Line>) {
        if part.is_empty() {
            return;
        }
        let (answer, answered) = oneshot::channel();
        let (turns, judge) = (self.turns.clone(), self.judge.clone());
        tokio::spawn(async move {
            let Ok(turn) = turns.acquire_owned().await else { return };
            // Nobody may be waiting any more.
            if !answer.is_closed() {
                tokio::task::spawn_blocking(move || {
                    let answers = judge(part);
                    drop(turn);
                    let _ = answer.send(answers);
                });
            }
        });
        self.flying.push_back(answered);
    }
}

/// What came of the part that went first; nothing where none is under way.
async fn front(
    flying: &mut VecDeque<oneshot::Receiver<Vec<u8>>>,
) -> Option<Result<Vec<u8>, oneshot::error::RecvError>> {
    Some(flying.front_mut()?.await)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::routing::post;
    use futures_util::stream;
    use hyper_util::server::graceful::GracefulShutdown;
    use hyper_util::service::TowerToHyperService;
    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::http::{around, serve};

    /// The numbers of the lines, each in a line.
    fn numbers(part: Vec<Line>) -> Vec<u8> {
        part.iter().flat_map(|line| format!("{}\n", line.number).into_bytes()).collect()
    }

    fn flow<J>(body: Body, judge: J) -> impl Stream<Item = io::Result<Bytes>>
    where
        J: Fn(Vec<Line>) -> Vec<u8> + Send + Sync + 'static,
    {
        answers(body, Lines::new(1, 1024), Arc::new(Semaphore::new(2)), judge)
    }

    async fn whole(answers: impl Stream<Item = io::Result<Bytes>>) -> String {
        let parts: Vec<_> = answers.collect().await;
        parts.into_iter().map(|part| String::from_utf8(part.unwrap().to_vec()).unwrap()).collect()
    }

    #[tokio::test]
    async fn answers_keep_the_order_of_their_lines_though_later_ones_are_judged_first() {
        let met = Barrier::new(2);
        let later = AtomicUsize::new(0);
        let judge = move |part: Vec<Line>| {
            // The first part is done only when the second is.
            if part.iter().any(|line| line.number == 1) {
                met.wait();
                assert_eq!(later.load(Ordering::SeqCst), 1);
            } else if later.fetch_add(1, Ordering::SeqCst) == 0 {
                met.wait();
            }
            numbers(part)
        };
        let body = Body::from("x\n".repeat(2 * PART_LINES));
        let expected: String = (1..=2 * PART_LINES).map(|number| format!("{number}\n")).collect();
        assert_eq!(whole(flow(body, judge)).await, expected);
    }

    #[tokio::test]
    async fn no_more_is_read_than_answers_are_taken() {
        let read = Arc::new(AtomicUsize::new(0));
        let count = read.clone();
        let endless = stream::repeat_with(move || {
            count.fetch_add(1, Ordering::SeqCst);
            io::Result::Ok("x\n")
        });
        let mut answers = Box::pin(flow(Body::from_stream(endless), numbers));
        for taken in 1..=100 {
            answers.next().await.unwrap().unwrap();
            let read = read.load(Ordering::SeqCst);
            assert!(read <= taken + IN_FLIGHT, "{read} lines were read, {taken} taken");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_falls_silent_is_answered_as_far_as_it_came_and_left_at_that() {
        let silent = stream::iter([io::Result::Ok("one\ntw")]).chain(stream::pending());
        let started = tokio::time::Instant::now();
        let judge = |part: Vec<Line>| format!("{part:?}\n").into_bytes();
        let answers = whole(flow(Body::from_stream(silent), judge)).await;
        assert!(answers.ends_with("[Line { number: 2, content: Cut(Silent) }]\n"), "{answers}");
        assert_eq!(answers.lines().count(), 2);
        assert_eq!(started.elapsed().as_secs(), SILENCE.as_secs());
    }

    #[tokio::test]
    async fn a_part_that_cannot_be_judged_breaks_the_answer_off() {
        let judge = |_| std::panic::resume_unwind(Box::new("a mistake in the host"));
        let parts: Vec<_> = flow(Body::from("one\n"), judge).collect().await;
        assert!(matches!(parts.as_slice(), [Err(_)]), "{parts:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_takes_no_answers_is_not_read_any_further_and_cut_off_in_time() {
        const LARGE: usize = 8 * 1024;
        let large = |part: Vec<Line>| vec![b'x'; LARGE * part.len()];
        let answer = async move |body: Body| Body::from_stream(flow(body, large));
        let routes = around(Router::new().route("/", post(answer)));
        let (mut caller, connection) = tokio::io::duplex(16 * 1024);
        let shutdown = GracefulShutdown::new();
        let routes = TowerToHyperService::new(routes);
        let host = tokio::spawn(serve::answer_on(connection, routes, shutdown.watcher()));
        let head = "POST / HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n";
        caller.write_all(head.as_bytes()).await.unwrap();
        let lines = "x\n".repeat(8 * 1024);
        let chunk = format!("{:x}\r\n{lines}\r\n", lines.len());
        let mut sent = 0;
        // With the clock paused, time passes only when nobody can do anything more.
        while let Ok(written) =
            timeout(Duration::from_secs(1), caller.write_all(chunk.as_bytes())).await
        {
            written.unwrap();
            sent += chunk.len();
            assert!(sent < 4 * 1024 * 1024, "{sent} bytes were read");
        }
        timeout(2 * SILENCE, host).await.unwrap().unwrap();
    }
}
