//! The packet socket: the few system calls it takes, each with its reason to be safe.
#![allow(unsafe_code)] // system calls; every block says why it is safe
use std::ffi::CString;
use std::io;
use std::mem::size_of;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::{c_int, c_void, socklen_t};

/// A socket that is given every frame of an interface.
#[derive(Debug)]
pub struct PacketSocket {
    fd: OwnedFd,
}

/// What a wait ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// Frames may be there.
    Ready,
    /// The time ran out.
    Silent,
    /// The interface is down or gone.
    Down,
}

/// The number of the interface with that name, if there is one.
pub fn index_of(name: &str) -> Option<c_int> {
    let name = CString::new(name).ok()?;
    // SAFETY: `name` ends with a zero byte and outlives the call, which keeps no pointer.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    c_int::try_from(index).ok().filter(|index| *index > 0)
}

impl PacketSocket {
    /// A socket that is given nothing until it is bound; needs `CAP_NET_RAW`.
    pub fn open() -> io::Result<Self> {
        // SAFETY: no pointers are passed; the result is checked below.
        let fd = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) };
        checked(fd)?;
        // SAFETY: the kernel just gave us this descriptor, and nobody else has it.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        Ok(Self { fd })
    }

    /// Sets an option whose value is a plain number or structure of the kernel's.
    pub fn set<T: Copy>(&self, level: c_int, name: c_int, value: &T) -> io::Result<()> {
        let value = std::ptr::from_ref(value).cast::<c_void>();
        // SAFETY: `value` points at `size_of::<T>()` readable bytes for the length of the call; the only
        // pointer any of our options holds is that of `limit`, whose target outlives the call too.
        let done = unsafe {
            libc::setsockopt(
                self.fd.as_raw_fd(),
                level,
                name,
                value,
                size_of::<T>() as socklen_t,
            )
        };
        checked(done).map(drop)
    }

    /// Reads an option whose value is made of `N` numbers.
    fn get<const N: usize>(&self, level: c_int, name: c_int) -> io::Result<[u32; N]> {
        let (mut value, mut size) = ([0_u32; N], size_of::<[u32; N]>() as socklen_t);
        let place = value.as_mut_ptr().cast::<c_void>();
        // SAFETY: `place` points at `size` writable bytes, and any bytes are numbers.
        let done =
            unsafe { libc::getsockopt(self.fd.as_raw_fd(), level, name, place, &raw mut size) };
        checked(done)?;
        Ok(value)
    }

    /// Captures no more than `most` bytes of a frame: a filter of one instruction, "accept so many".
    pub fn limit(&self, most: u32) -> io::Result<()> {
        const RETURN_CONSTANT: u16 = 0x06; // BPF_RET | BPF_K
        let mut program = [libc::sock_filter {
            code: RETURN_CONSTANT,
            jt: 0,
            jf: 0,
            k: most,
        }];
        let filter = libc::sock_fprog {
            len: 1,
            filter: program.as_mut_ptr(),
        };
        self.set(libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &filter)
    }

    /// Begins to be given the frames of the interface with that number.
    pub fn bind(&self, interface: c_int) -> io::Result<()> {
        // SAFETY: all zero bytes are a valid `sockaddr_ll`, which holds numbers only.
        let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
        address.sll_family = libc::AF_PACKET as u16;
        address.sll_protocol = (libc::ETH_P_ALL as u16).to_be();
        address.sll_ifindex = interface;
        let place = (&raw const address).cast::<libc::sockaddr>();
        // SAFETY: `place` points at a whole `sockaddr_ll` for the length of the call.
        let done = unsafe {
            libc::bind(
                self.fd.as_raw_fd(),
                place,
                size_of::<libc::sockaddr_ll>() as socklen_t,
            )
        };
        checked(done).map(drop)
    }

    /// Asks for frames to others, too; the kernel takes it back when the socket is closed.
    pub fn listen_to_all(&self, interface: c_int) -> io::Result<()> {
        let membership = libc::packet_mreq {
            mr_ifindex: interface,
            mr_type: libc::PACKET_MR_PROMISC as u16,
            mr_alen: 0,
            mr_address: [0; 8],
        };
        self.set(libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP, &membership)
    }

    /// Packets given, and packets dropped for want of room, since this was last asked; the former include the latter.
    pub fn statistics(&self) -> io::Result<(u32, u32)> {
        let [packets, drops, _freezes] = self.get(libc::SOL_PACKET, libc::PACKET_STATISTICS)?;
        Ok((packets, drops))
    }

    /// The number of the group of sockets that share an interface.
    pub fn group(&self) -> io::Result<u16> {
        let [number] = self.get(libc::SOL_PACKET, libc::PACKET_FANOUT)?;
        Ok(number as u16) // above it stand the kind and the flags
    }

    /// Waits for frames, at most that long.
    pub fn wait(&self, most: Duration) -> io::Result<Waited> {
        let mut ask = libc::pollfd {
            fd: self.fd.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let most = c_int::try_from(most.as_millis()).unwrap_or(c_int::MAX);
        // SAFETY: `ask` is one `pollfd`, as the count says, and outlives the call.
        let found = unsafe { libc::poll(&raw mut ask, 1, most) };
        match checked(found) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Waited::Silent),
            Err(error) => Err(error),
            Ok(0) => Ok(Waited::Silent),
            Ok(_) if ask.revents & libc::POLLERR != 0 => self.trouble(),
            Ok(_) => Ok(Waited::Ready),
        }
    }

    /// What the kernel has against the socket; asking takes it off.
    fn trouble(&self) -> io::Result<Waited> {
        let [error] = self.get(libc::SOL_SOCKET, libc::SO_ERROR)?;
        match error.cast_signed() {
            0 => Ok(Waited::Ready),
            libc::ENETDOWN | libc::ENODEV | libc::ENXIO => Ok(Waited::Down),
            other => Err(io::Error::from_raw_os_error(other)),
        }
    }

    /// Whether the interface with that name is up (`IFF_UP`); an error when there is none.
    pub fn is_up(&self, interface: &str) -> io::Result<bool> {
        // SAFETY: all zero bytes are a valid `ifreq`, which holds numbers and raw pointers only.
        let mut ask: libc::ifreq = unsafe { std::mem::zeroed() };
        let room = ask.ifr_name.len() - 1; // its end stays zero
        for (place, byte) in ask.ifr_name[..room].iter_mut().zip(interface.bytes()) {
            *place = libc::c_char::from_ne_bytes([byte]); // signed on some machines
        }
        // SAFETY: `ask` is a whole `ifreq` with a name that ends with zero, which this request reads and writes.
        let done =
            unsafe { libc::ioctl(self.fd.as_raw_fd(), libc::SIOCGIFFLAGS as _, &raw mut ask) };
        checked(done)?;
        // SAFETY: the request succeeded, so the kernel wrote the flags.
        let flags = unsafe { ask.ifr_ifru.ifru_flags };
        Ok(c_int::from(flags) & libc::IFF_UP != 0)
    }

    /// The descriptor, for the ring's memory.
    pub fn descriptor(&self) -> c_int {
        self.fd.as_raw_fd()
    }
}

fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(result)
}
