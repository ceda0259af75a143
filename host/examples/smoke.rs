use concord::{http, store::*};
use std::sync::*;
#[tokio::main]
async fn main() {
    let level = std::env::var("RUST_LOG").unwrap_or("info".into());
    if level != "none" {
        tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(level).init();
    }
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let store = SqliteStore::open(&dir).await.unwrap();
    let app = http::App::from(http::Parts {
        store: Arc::new(store),
        programs: Arc::default(),
        clock: Arc::new(jiff::Timestamp::now),
        metrics: http::metrics::recorder().unwrap(),
    });
    let l = tokio::net::TcpListener::bind("127.0.0.1:7979").await.unwrap();
    http::serve(
        l,
        app,
        async {
            tokio::signal::ctrl_c().await.unwrap();
        },
        std::time::Duration::from_secs(3),
    )
    .await
    .unwrap();
    eprintln!("stopped");
}
