use std::path::PathBuf;

use contender_protocol::Failure;
use futures::StreamExt;
use rtnetlink::packet_core::{NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST};
use rtnetlink::packet_core::{NetlinkMessage, NetlinkPayload};
use rtnetlink::packet_route::RouteNetlinkMessage;
use rtnetlink::proto::{ConnectionHandle, NetlinkCodec, from_socket_with_codec, new_connection};
use rtnetlink::sys::{SocketAddr, protocols::NETLINK_ROUTE};
use tokio::task::JoinHandle;

use crate::connection::socket_in;

/// Messages in a datagram. The kernel queues an acknowledgement for each before any can be read, and a receive
/// buffer of the usual size holds 256.
const BATCH: usize = 128;

pub type Request = NetlinkMessage<RouteNetlinkMessage>;

/// A request that makes something.
pub fn create(message: RouteNetlinkMessage) -> Request {
    request(NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, message)
}

/// A request that changes or deletes something.
pub fn change(message: RouteNetlinkMessage) -> Request {
    request(NLM_F_REQUEST | NLM_F_ACK, message)
}

/// A connection that sends many messages as one request. `Handle` has no such method; netlink-proto, on which
/// it is built and which rtnetlink hands on as `rtnetlink::proto`, documents it as `request_batch`.
pub struct BatchConnection {
    handle: ConnectionHandle<RouteNetlinkMessage>,
    driver: JoinHandle<()>,
}

impl BatchConnection {
    pub fn open() -> Result<Self, Failure> {
        let (connection, handle, _) = new_connection(NETLINK_ROUTE)?;
        Ok(Self { handle, driver: tokio::spawn(connection) })
    }

    pub async fn open_in(namespace: PathBuf) -> Result<Self, Failure> {
        let socket = socket_in(namespace).await?;
        let (connection, handle, _) = from_socket_with_codec::<_, _, NetlinkCodec>(socket);
        Ok(Self { handle, driver: tokio::spawn(connection) })
    }

    /// Sends the requests in batches; each is acknowledged before the next is sent.
    pub async fn send(&self, requests: impl IntoIterator<Item = Request>) -> Result<(), Failure> {
        let mut batches = futures::stream::iter(requests).chunks(BATCH);
        while let Some(batch) = batches.next().await {
            let mut replies = self.handle.request_batch(batch, SocketAddr::new(0, 0))?;
            while let Some(reply) = replies.next().await {
                if let NetlinkPayload::Error(error) = reply.payload {
                    return Err(error.to_io().into());
                }
            }
        }
        self.check()
    }

    /// A reply stream also ends, without an error, when the socket fails.
    fn check(&self) -> Result<(), Failure> {
        if self.driver.is_finished() { Err("the connection broke".into()) } else { Ok(()) }
    }
}

fn request(flags: u16, message: RouteNetlinkMessage) -> Request {
    let mut request = NetlinkMessage::from(message);
    request.header.flags = flags;
    request
}
