#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace netloom {

using Bytes = std::span<const std::uint8_t>;

/** A block of bytes that is not zeroed first, with a used part at its beginning. */
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t capacity)
      : data_(new (std::nothrow) std::uint8_t[capacity]), capacity_(data_ ? capacity : 0) {}

  Buffer(Buffer&& other) noexcept
      : used(std::exchange(other.used, 0)),
        data_(std::move(other.data_)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    used = std::exchange(other.used, 0);
    data_ = std::move(other.data_);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  /** A copy of `bytes`, exactly as large. */
  static Buffer copyOf(Bytes bytes) {
    Buffer buffer(bytes.size());
    if (buffer.capacity_ != 0) std::memcpy(buffer.data_.get(), bytes.data(), bytes.size());
    buffer.used = buffer.capacity_;
    return buffer;
  }

  [[nodiscard]] std::uint8_t* data() { return data_.get(); }
  [[nodiscard]] const std::uint8_t* data() const { return data_.get(); }
  /** 0 also when the allocation failed. */
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t room() const { return capacity_ - used; }
  [[nodiscard]] Bytes bytes() const { return {data_.get(), used}; }

  std::size_t used = 0;

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t capacity_ = 0;
};

}  // namespace netloom
