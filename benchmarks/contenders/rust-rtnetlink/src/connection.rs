use std::fs::File;
use std::os::fd::{FromRawFd, IntoRawFd};
use std::path::PathBuf;
use std::thread;

use contender_protocol::Failure;
use nix::sched::{CloneFlags, setns};
use rtnetlink::sys::{Socket, TokioSocket, protocols::NETLINK_ROUTE};
use rtnetlink::{Handle, from_socket, new_connection, new_connection_with_strict_check};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A connection and the task that drives it.
pub struct Connection {
    pub handle: Handle,
    driver: JoinHandle<()>,
}

impl Connection {
    pub fn open() -> Result<Self, Failure> {
        let (connection, handle, _) = new_connection()?;
        Ok(Self { handle, driver: tokio::spawn(connection) })
    }

    /// One whose dumps the kernel filters.
    pub fn open_strict() -> Result<Self, Failure> {
        let (connection, handle, _) = new_connection_with_strict_check()?;
        Ok(Self { handle, driver: tokio::spawn(connection) })
    }

    pub async fn open_in(namespace: PathBuf) -> Result<Self, Failure> {
        let (connection, handle, _) = from_socket(socket_in(namespace).await?);
        Ok(Self { handle, driver: tokio::spawn(connection) })
    }

    /// Waits until the socket is closed: while it is open, its namespace stays.
    pub async fn close(self) -> Result<(), Failure> {
        drop(self.handle);
        Ok(self.driver.await?)
    }
}

/// A socket in another namespace. The library makes none, so a thread enters the namespace, and ends there.
pub async fn socket_in(namespace: PathBuf) -> Result<TokioSocket, Failure> {
    let (sender, receiver) = oneshot::channel();
    let open = move || -> std::io::Result<Socket> {
        setns(File::open(namespace)?, CloneFlags::CLONE_NEWNET)?;
        Socket::new(NETLINK_ROUTE)
    };
    thread::Builder::new().spawn(move || sender.send(open()))?;
    let socket = receiver.await??;
    // SAFETY: the descriptor is open, and the new owner is the only one.
    Ok(unsafe { TokioSocket::from_raw_fd(socket.into_raw_fd()) })
}
