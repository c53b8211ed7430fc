use std::ffi::CString;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The link in the prepared namespace that every route goes out of.
pub const WIRE: &str = "wire0";
pub const GATEWAY_V4: Ipv4Addr = Ipv4Addr::new(10, 255, 0, 2);
pub const GATEWAY_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xffff, 0, 0, 0, 0, 0, 2);
/// What a container's default route goes by: the address of [`WIRE`].
pub const CONTAINER_GATEWAY: Ipv4Addr = Ipv4Addr::new(10, 255, 0, 1);
pub const TABLE_MAIN: u32 = 254;

/// The destinations, each a /24, of the IPv4 routes 0 to `count` − 1.
pub fn destinations_v4(count: usize) -> Vec<Ipv4Addr> {
    let first = u32::from(Ipv4Addr::new(16, 0, 0, 0));
    numbers(count).map(|i| Ipv4Addr::from(first + 256 * i)).collect()
}

/// The destinations, each a /64, of the IPv6 routes 0 to `count` − 1.
pub fn destinations_v6(count: usize) -> Vec<Ipv6Addr> {
    let address = |i: u32| Ipv6Addr::new(0x2001, 0xdb8, (i >> 16) as u16, i as u16, 0, 0, 0, 0);
    numbers(count).map(address).collect()
}

/// The address, a /32, of the second end of veth pair number `i`.
pub fn peer_address(i: usize) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 200, 0, 0)) + i as u32)
}

/// The address, a /32, of container number `i`.
pub fn container_address(i: usize) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 100, 0, 0)) + i as u32)
}

/// The index of [`WIRE`], which belongs to the inputs and not to what is measured.
pub fn wire_index() -> io::Result<u32> {
    let name = CString::new(WIRE)?;
    // SAFETY: the name ends with a zero byte and outlives the call.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        index => Ok(index),
    }
}

fn numbers(count: usize) -> impl Iterator<Item = u32> {
    0..u32::try_from(count).expect("a count below 2^32")
}
