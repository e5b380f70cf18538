//! The memory shared with the kernel: a ring of blocks, each either the kernel's or ours.
#![allow(unsafe_code)] // shared memory; every block says why it is safe
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::time::Duration;

use libc::c_void;

use crate::block::STATUS_AT;
use crate::socket::{PacketSocket, Waited, index_of};

/// A block holds the greatest frame there can be (64 kB, offloaded segments included) and many small ones.
pub const BLOCK: usize = 1 << 18;
/// The kernel hands a block over after this, even if it is not full.
const PATIENCE_MS: u32 = 60;
const OURS: u32 = 1;
const THEIRS: u32 = 0;
/// `TPACKET_ALIGNMENT`-ed size that the kernel asks for although blocks of version 3 have no frames of fixed size.
const FRAME: u32 = 1 << 11;

/// How an interface is listened to.
#[derive(Debug, Clone)]
pub struct RingSettings {
    /// Name of the interface.
    pub interface: String,
    /// Size of the ring, bytes; at least two blocks are taken.
    pub bytes: usize,
    /// No more than this is captured of a frame, bytes; 0 captures all.
    pub snap: u32,
    /// Whether frames to others are asked for.
    pub promiscuous: bool,
}

/// Sockets that share the frames of an interface: packets of a flow, both ways, go to the same of them.
///
/// The kernel's hash is over protocol, addresses and ports with the ends put in order, so it is the same both ways:
/// `fanout_demux_hash` in `net/packet/af_packet.c` takes `__skb_get_hash_symmetric` (commit eb70db875671, 2016).
/// Packets without addresses, as ARP, all go to one socket; so do the pieces of a datagram, by their addresses alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Alone.
    None,
    /// The first: the kernel chooses a number that nobody uses.
    New,
    /// The group with that number.
    Of(u16),
}

/// A bound socket with its ring.
#[derive(Debug)]
pub struct Ring {
    socket: PacketSocket,
    memory: NonNull<u8>,
    blocks: usize,
    current: usize,
    index: libc::c_int,
}

// SAFETY: the memory belongs to this ring alone, is unmapped only in `drop`, and is not tied to a thread.
unsafe impl Send for Ring {}

impl Ring {
    /// Opens the ring and begins to listen.
    pub fn open(settings: &RingSettings, group: Group) -> io::Result<Self> {
        let socket = PacketSocket::open()?;
        let index = index_of(&settings.interface)
            .ok_or_else(|| io::Error::from_raw_os_error(libc::ENODEV))?;
        let version = libc::tpacket_versions::TPACKET_V3 as libc::c_int;
        socket.set(libc::SOL_PACKET, libc::PACKET_VERSION, &version)?;
        if settings.snap > 0 {
            socket.limit(settings.snap)?;
        }
        let ring = Self::map(socket, settings.bytes / BLOCK, index)?;
        ring.socket.bind(index)?;
        if settings.promiscuous {
            ring.socket.listen_to_all(index)?;
        }
        ring.join(group)?;
        Ok(ring)
    }

    fn map(socket: PacketSocket, blocks: usize, index: libc::c_int) -> io::Result<Self> {
        let blocks = blocks.clamp(2, (u32::MAX as usize) / BLOCK);
        let request = libc::tpacket_req3 {
            tp_block_size: BLOCK as u32,
            tp_block_nr: blocks as u32,
            tp_frame_size: FRAME,
            tp_frame_nr: (BLOCK * blocks) as u32 / FRAME,
            tp_retire_blk_tov: PATIENCE_MS,
            tp_sizeof_priv: 0,
            tp_feature_req_word: 0,
        };
        socket.set(libc::SOL_PACKET, libc::PACKET_RX_RING, &request)?;
        // SAFETY: asks for new memory at a place of the kernel's choosing; the ring requested above has this size.
        let memory = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                BLOCK * blocks,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                socket.descriptor(),
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let memory = NonNull::new(memory.cast::<u8>()).ok_or_else(io::Error::last_os_error)?;
        Ok(Self {
            socket,
            memory,
            blocks,
            current: 0,
            index,
        })
    }

    fn join(&self, group: Group) -> io::Result<()> {
        let (number, flags) = match group {
            Group::None => return Ok(()),
            Group::New => (0, libc::PACKET_FANOUT_FLAG_UNIQUEID),
            Group::Of(number) => (u32::from(number), 0),
        };
        let ask = number | (libc::PACKET_FANOUT_HASH | flags) << 16;
        self.socket.set(libc::SOL_PACKET, libc::PACKET_FANOUT, &ask)
    }

    /// The group this one belongs to.
    pub fn group(&self) -> io::Result<Group> {
        Ok(Group::Of(self.socket.group()?))
    }

    /// Whether the interface it listens to is still the one with that name.
    pub fn is_of(&self, interface: &str) -> bool {
        index_of(interface) == Some(self.index)
    }

    /// Whether the interface is up.
    pub fn is_up(&self, interface: &str) -> bool {
        self.socket.is_up(interface).unwrap_or(false)
    }

    /// Gives the next block that is ours to `read`, and then back to the kernel; false when there is none.
    pub fn read_block(&mut self, read: impl FnOnce(&[u8])) -> bool {
        let start = self.current * BLOCK;
        // SAFETY: `current < blocks`, so the block lies within the mapped memory; the word is aligned, for blocks
        // begin at pages, and both sides only ever touch it atomically.
        let status =
            unsafe { AtomicU32::from_ptr(self.memory.as_ptr().add(start + STATUS_AT).cast()) };
        if status.load(Ordering::Acquire) & OURS == 0 {
            return false;
        }
        // SAFETY: the block lies within the mapped memory, and while its status says that it is ours the kernel
        // does not write to it; the slice cannot outlive `read`, after which it is given back.
        let block = unsafe { std::slice::from_raw_parts(self.memory.as_ptr().add(start), BLOCK) };
        read(block);
        fence(Ordering::Release);
        status.store(THEIRS, Ordering::Release);
        self.current = (self.current + 1) % self.blocks;
        true
    }

    /// Waits for a block, at most that long.
    pub fn wait(&self, most: Duration) -> io::Result<Waited> {
        self.socket.wait(most)
    }

    /// See [`PacketSocket::statistics`].
    pub fn statistics(&self) -> io::Result<(u32, u32)> {
        self.socket.statistics()
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: exactly what `map` mapped, and no slice of it is left: `read_block` lends it only while it runs.
        unsafe { libc::munmap(self.memory.as_ptr().cast::<c_void>(), BLOCK * self.blocks) };
    }
}
