//! One file per protocol, each a pure function from bytes to a message.
