//! What holds for the repository itself: which layer knows which, and that nothing was forgotten.

mod layers;
mod policies;
mod texts;
