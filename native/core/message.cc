#include "core/message.h"

#include <algorithm>

namespace netloom {

std::optional<Message> MessageReader::next() {
  if (rest_.size() < kHeaderLength) return std::nullopt;
  Message message{};
  std::memcpy(&message.header, rest_.data(), kHeaderLength);
  const std::size_t length = message.header.nlmsg_len;
  if (length < kHeaderLength || length > rest_.size()) return std::nullopt;
  message.bytes = rest_.first(length);
  // The padding of the last message may be missing.
  rest_ = rest_.subspan(std::min(alignMessage(length), rest_.size()));
  return message;
}

void padMessages(Buffer& buffer) {
  while (buffer.used % 4 != 0 && buffer.room() > 0) buffer.data()[buffer.used++] = 0;
}

std::optional<Acknowledgement> parseAcknowledgement(const Message& message) {
  const Bytes payload = message.payload();
  Acknowledgement result{};
  if (payload.size() < sizeof(nlmsgerr)) return std::nullopt;
  std::memcpy(&result.code, payload.data(), sizeof(result.code));
  if ((message.header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return result;

  // The request is echoed behind the errno: its header alone if capped, else all of it.
  std::size_t offset = sizeof(nlmsgerr);
  if ((message.header.nlmsg_flags & NLM_F_CAPPED) == 0) {
    nlmsghdr request{};
    std::memcpy(&request, payload.data() + sizeof(result.code), sizeof(request));
    if (request.nlmsg_len < kHeaderLength) return result;
    offset = sizeof(result.code) + alignMessage(request.nlmsg_len);
  }
  if (offset < payload.size()) result.attributes = payload.subspan(offset);
  return result;
}

std::int32_t parseDone(const Message& message) {
  std::int32_t code = 0;
  const Bytes payload = message.payload();
  if (payload.size() >= sizeof(code)) std::memcpy(&code, payload.data(), sizeof(code));
  return std::min(code, 0);
}

}  // namespace netloom
