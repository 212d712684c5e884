//! The functions that formulas may call. (placeholder)
