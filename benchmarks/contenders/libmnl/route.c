#include "route.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "../../measure/measure.h"

static size_t address_size(int family) {
  return family == AF_INET ? 4 : 16;
}

void put_route(struct nlmsghdr* message, int family, const void* destination, uint8_t destination_length,
               const void* gateway, uint32_t output_link) {
  struct rtmsg* header = mnl_nlmsg_put_extra_header(message, sizeof *header);
  header->rtm_family = (uint8_t)family;
  header->rtm_dst_len = destination_length;
  header->rtm_table = RT_TABLE_MAIN;
  header->rtm_protocol = RTPROT_STATIC;
  header->rtm_scope = gateway == NULL ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  header->rtm_type = RTN_UNICAST;
  if (destination_length > 0) mnl_attr_put(message, RTA_DST, address_size(family), destination);
  if (gateway != NULL) mnl_attr_put(message, RTA_GATEWAY, address_size(family), gateway);
  mnl_attr_put_u32(message, RTA_OIF, output_link);
}

void put_route_dump(struct nlmsghdr* message, int family, uint32_t table) {
  struct rtmsg* header = mnl_nlmsg_put_extra_header(message, sizeof *header);
  header->rtm_family = (uint8_t)family;
  mnl_attr_put_u32(message, RTA_TABLE, table);
}

static int collect(const struct nlattr* attribute, void* data) {
  const struct nlattr** attributes = data;
  if (mnl_attr_type_valid(attribute, RTA_MAX) < 0) return MNL_CB_OK;
  const int type = mnl_attr_get_type(attribute);
  switch (type) {
    case RTA_TABLE:
    case RTA_OIF:
    case RTA_PRIORITY:
      if (mnl_attr_validate(attribute, MNL_TYPE_U32) < 0) return MNL_CB_ERROR;
      break;
    case RTA_DST:
    case RTA_GATEWAY:
    case RTA_PREFSRC:
      if (mnl_attr_get_payload_len(attribute) > sizeof(struct ip_address)) return MNL_CB_ERROR;
      break;
    default:
      break;
  }
  attributes[type] = attribute;
  return MNL_CB_OK;
}

static uint32_t u32_of(const struct nlattr* attribute, uint32_t absent) {
  return attribute == NULL ? absent : mnl_attr_get_u32(attribute);
}

static void copy_address(struct ip_address* to, const struct nlattr* attribute) {
  if (attribute == NULL) return;
  memcpy(to->bytes, mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));
}

void parse_route(const struct nlmsghdr* message, struct route* route) {
  const struct rtmsg* header = mnl_nlmsg_get_payload(message);
  const struct nlattr* attributes[RTA_MAX + 1] = {NULL};
  if (mnl_attr_parse(message, sizeof *header, collect, attributes) < 0) fail("a route can't be parsed");
  *route = (struct route){.family = header->rtm_family,
                          .protocol = header->rtm_protocol,
                          .scope = header->rtm_scope,
                          .type = header->rtm_type,
                          .tos = header->rtm_tos,
                          .destination_length = header->rtm_dst_len,
                          .flags = header->rtm_flags,
                          .table = u32_of(attributes[RTA_TABLE], header->rtm_table),
                          .output_link = u32_of(attributes[RTA_OIF], 0),
                          .priority = u32_of(attributes[RTA_PRIORITY], 0)};
  copy_address(&route->destination, attributes[RTA_DST]);
  copy_address(&route->gateway, attributes[RTA_GATEWAY]);
  copy_address(&route->preferred_source, attributes[RTA_PREFSRC]);
}
