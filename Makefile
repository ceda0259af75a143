# What a newcomer needs: `make run` and `make test` do all set-up themselves. `make` alone lists the targets.

# rustup's Rust builds the host, also where Debian's stands beside it for the policies.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

CONCORD := $(or $(CARGO_TARGET_DIR),target)/release/concord
POLICIES := $(dir $(wildcard plugins/*/policy.toml))
# All but the benchmarks, which are built when they are run.
CRATES := --workspace --exclude concord-bench

.DEFAULT_GOAL := help
.PHONY: help setup run test soak lint fmt clippy doc deny bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Find or install what building needs (root on Debian; others are told what to run)
	@.ci/setup

run: setup ## Build the host and every policy, and serve on 127.0.0.1:8080
	cargo build --release -p concord
	$(CONCORD) policy build $(POLICIES) --out target/policies
	$(CONCORD) serve --config config/concord.toml

test: setup ## Run all tests
	cargo test $(CRATES)

lint: fmt clippy doc deny ## Check formatting, lints, documentation, and the dependencies' licences

fmt:
	cargo fmt --all --check

clippy: setup
	cargo clippy $(CRATES) --all-targets -- -D warnings

doc: setup
	RUSTDOCFLAGS=-Dwarnings cargo doc $(CRATES) --no-deps

deny: setup
	@.ci/deny

soak: setup ## Run the tests of chance at length (some ten minutes)
	CONCORD_SOAK=100 cargo test -p concord-tests --test it -- crowd model durability

bench: ## Measure (installs wrk)
	@.ci/setup wrk
	cargo bench -p concord-bench
	cargo run --release -q -p concord-bench --bin http
	cargo run --release -q -p concord-bench --bin table

clean: ## Remove all that was built; the data stay
	cargo clean
