//! Which instructions the processor has: loops over columns are compiled once for each set of them, and the best set that
//! is there is chosen when the program runs.
//!
//! The results are the same on every set: nothing is contracted or reordered, only done for more lanes at a time.

use std::sync::OnceLock;

/// A set of instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instructions {
    /// Those that every processor of the kind has.
    Base,
    /// x86-64 with AVX2: four numbers at a time.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// x86-64 with AVX-512: eight numbers at a time.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Instructions {
    /// The sets that the processor has, the best one last.
    pub fn available() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        {
            let all = [Instructions::Base, Instructions::Avx2, Instructions::Avx512];
            all.into_iter().filter(|set| *set <= Self::best()).collect()
        }
        #[cfg(not(target_arch = "x86_64"))]
        vec![Instructions::Base]
    }

    /// The best set that the processor has.
    #[inline]
    pub fn best() -> Self {
        static BEST: OnceLock<Instructions> = OnceLock::new();
        *BEST.get_or_init(Self::found)
    }

    fn found() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::is_x86_feature_detected as has;
            if has!("avx512f") && has!("avx512vl") && has!("avx512dq") && has!("avx512bw") && has!("fma") {
                return Instructions::Avx512;
            }
            if has!("avx2") && has!("fma") {
                return Instructions::Avx2;
            }
        }
        Instructions::Base
    }
}

/// Defines functions whose body is compiled for each set of instructions: `fn name(arguments) { … }` runs on the best set
/// that there is. It may have one type for a parameter.
///
/// Whatever the body calls must be inlined into it, or it is compiled for the base set alone.
macro_rules! dispatched {
    ($($(#[$attribute:meta])* $visibility:vis fn $name:ident $(<$generic:ident: $bound:path>)? ($($argument:ident: $kind:ty),* $(,)?) $body:block)+) => {$(
        $(#[$attribute])*
        #[inline]
        #[allow(unsafe_code, reason = "the functions of a set are called where the processor was seen to have it")]
        $visibility fn $name $(<$generic: $bound>)? ($($argument: $kind),*) {
            #[inline(always)]
            #[allow(clippy::inline_always, reason = "it becomes part of the functions of each set")]
            fn base $(<$generic: $bound>)? ($($argument: $kind),*) $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2 $(<$generic: $bound>)? ($($argument: $kind),*) {
                base $(::<$generic>)? ($($argument),*);
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
            fn avx512 $(<$generic: $bound>)? ($($argument: $kind),*) {
                base $(::<$generic>)? ($($argument),*);
            }
            match $crate::numeric::dispatch::Instructions::best() {
                $crate::numeric::dispatch::Instructions::Base => base $(::<$generic>)? ($($argument),*),
                // SAFETY: the processor has these instructions, or the set would not be the best.
                #[cfg(target_arch = "x86_64")]
                $crate::numeric::dispatch::Instructions::Avx2 => unsafe { avx2 $(::<$generic>)? ($($argument),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::numeric::dispatch::Instructions::Avx512 => unsafe { avx512 $(::<$generic>)? ($($argument),*) },
            }
        }
    )+};
}

/// Defines functions that give the loop of a set of instructions as a pointer, for what is called very often: `fn name<F:
/// Of>() -> Loop { |arguments| … }`, where `Loop` is the type of the pointer, is called with the set. Where the processor has
/// not the set, they give that of the best one.
macro_rules! chosen {
    ($($(#[$attribute:meta])* $visibility:vis fn $name:ident $(<$generic:ident: $bound:path>)? () -> $pointer:ty { |$($argument:ident: $kind:ty),* $(,)?| $body:block })+) => {$(
        $(#[$attribute])*
        #[allow(unsafe_code, reason = "the functions of a set are handed out where the processor was seen to have it")]
        $visibility fn $name $(<$generic: $bound>)? (set: $crate::numeric::dispatch::Instructions) -> $pointer {
            #[inline(always)]
            #[allow(clippy::inline_always, reason = "it becomes part of the functions of each set")]
            fn base $(<$generic: $bound>)? ($($argument: $kind),*) $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2 $(<$generic: $bound>)? ($($argument: $kind),*) {
                base $(::<$generic>)? ($($argument),*);
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
            fn avx512 $(<$generic: $bound>)? ($($argument: $kind),*) {
                base $(::<$generic>)? ($($argument),*);
            }
            match set.min($crate::numeric::dispatch::Instructions::best()) {
                $crate::numeric::dispatch::Instructions::Base => base $(::<$generic>)?,
                // SAFETY: the processor has these instructions, or the set would not be the best.
                #[cfg(target_arch = "x86_64")]
                $crate::numeric::dispatch::Instructions::Avx2 => {
                    |$($argument: $kind),*| unsafe { avx2 $(::<$generic>)? ($($argument),*) }
                }
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::numeric::dispatch::Instructions::Avx512 => {
                    |$($argument: $kind),*| unsafe { avx512 $(::<$generic>)? ($($argument),*) }
                }
            }
        }
    )+};
}

pub(crate) use {chosen, dispatched};
