#include "link.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <string.h>

#include "../../measure/measure.h"
#include "socket.h"

void put_link(struct nlmsghdr* message, int index, bool up, const char* name) {
  struct ifinfomsg* header = mnl_nlmsg_put_extra_header(message, sizeof *header);
  header->ifi_index = index;
  if (up) header->ifi_flags = header->ifi_change = IFF_UP;
  if (name != NULL) mnl_attr_put_strz(message, IFLA_IFNAME, name);
}

void put_veth(struct nlmsghdr* message, const char* peer, int namespace) {
  struct nlattr* info = mnl_attr_nest_start(message, IFLA_LINKINFO);
  mnl_attr_put_str(message, IFLA_INFO_KIND, "veth");
  struct nlattr* data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
  struct nlattr* other = mnl_attr_nest_start(message, VETH_INFO_PEER);
  mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
  mnl_attr_put_strz(message, IFLA_IFNAME, peer);
  mnl_attr_put_u32(message, IFLA_NET_NS_FD, (uint32_t) namespace);
  mnl_attr_nest_end(message, other);
  mnl_attr_nest_end(message, data);
  mnl_attr_nest_end(message, info);
}

void put_address(struct nlmsghdr* message, uint32_t link, const uint8_t address[4]) {
  struct ifaddrmsg* header = mnl_nlmsg_put_extra_header(message, sizeof *header);
  header->ifa_family = AF_INET;
  header->ifa_prefixlen = 32;
  header->ifa_index = link;
  mnl_attr_put(message, IFA_LOCAL, 4, address);
  mnl_attr_put(message, IFA_ADDRESS, 4, address);
}

static int collect(const struct nlattr* attribute, void* data) {
  const struct nlattr** attributes = data;
  if (mnl_attr_type_valid(attribute, IFLA_MAX) < 0) return MNL_CB_OK;
  const int type = mnl_attr_get_type(attribute);
  switch (type) {
    case IFLA_LINK:
    case IFLA_MTU:
    case IFLA_GROUP:
    case IFLA_TXQLEN:
      if (mnl_attr_validate(attribute, MNL_TYPE_U32) < 0) return MNL_CB_ERROR;
      break;
    case IFLA_OPERSTATE:
      if (mnl_attr_validate(attribute, MNL_TYPE_U8) < 0) return MNL_CB_ERROR;
      break;
    case IFLA_IFNAME:
      if (mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) < 0) return MNL_CB_ERROR;
      break;
    case IFLA_LINKINFO:
      if (mnl_attr_validate(attribute, MNL_TYPE_NESTED) < 0) return MNL_CB_ERROR;
      break;
    default:
      break;
  }
  attributes[type] = attribute;
  return MNL_CB_OK;
}

static int find_kind(const struct nlattr* attribute, void* link) {
  if (mnl_attr_get_type(attribute) != IFLA_INFO_KIND) return MNL_CB_OK;
  if (mnl_attr_validate(attribute, MNL_TYPE_STRING) < 0) return MNL_CB_ERROR;
  strncpy(((struct link*)link)->kind, mnl_attr_get_str(attribute), sizeof(((struct link*)link)->kind) - 1);
  return MNL_CB_OK;
}

static uint32_t u32_of(const struct nlattr* attribute) {
  return attribute == NULL ? 0 : mnl_attr_get_u32(attribute);
}

void parse_link(const struct nlmsghdr* message, struct link* link) {
  const struct ifinfomsg* header = mnl_nlmsg_get_payload(message);
  const struct nlattr* attributes[IFLA_MAX + 1] = {NULL};
  if (mnl_attr_parse(message, sizeof *header, collect, attributes) < 0) fail("a link can't be parsed");
  *link = (struct link){.index = header->ifi_index,
                        .peer_index = (int)u32_of(attributes[IFLA_LINK]),
                        .flags = header->ifi_flags,
                        .type = header->ifi_type,
                        .mtu = u32_of(attributes[IFLA_MTU]),
                        .group = u32_of(attributes[IFLA_GROUP]),
                        .queue_length = u32_of(attributes[IFLA_TXQLEN])};
  if (attributes[IFLA_OPERSTATE] != NULL)
    link->operational_state = mnl_attr_get_u8(attributes[IFLA_OPERSTATE]);
  if (attributes[IFLA_IFNAME] != NULL) {
    strncpy(link->name, mnl_attr_get_str(attributes[IFLA_IFNAME]), sizeof link->name - 1);
  }
  const struct nlattr* address = attributes[IFLA_ADDRESS];
  if (address != NULL && mnl_attr_get_payload_len(address) <= sizeof link->address) {
    link->address_length = (uint8_t)mnl_attr_get_payload_len(address);
    memcpy(link->address, mnl_attr_get_payload(address), link->address_length);
  }
  const struct nlattr* info = attributes[IFLA_LINKINFO];
  if (info != NULL && mnl_attr_parse_nested(info, find_kind, link) < 0) fail("a link can't be parsed");
}

int read_link(const struct nlmsghdr* message, void* link) {
  parse_link(message, link);
  return MNL_CB_STOP;
}

uint32_t index_of(struct mnl_socket* socket, const char* name) {
  char buffer[256];
  struct nlmsghdr* message = begin_message(buffer, RTM_GETLINK, 0, 1);
  put_link(message, 0, false, name);
  struct link link;
  request(socket, message, read_link, &link);
  return (uint32_t)link.index;
}
