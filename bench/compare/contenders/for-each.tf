# Customers in Terraform's own language, as a team would write them: one resource per kind, with for_each.

terraform {
  required_providers {
    keycloak = {
      source  = "keycloak/keycloak"
      version = "5.9.0"
    }
  }
}

variable "realm" {
  type = string
}

variable "customers" {
  type = map(object({
    name    = string
    contact = string
    access  = map(list(string))
  }))
}

provider "keycloak" {}

resource "keycloak_realm" "realm" {
  realm                 = var.realm
  enabled               = true
  ssl_required          = "external"
  access_token_lifespan = "5m0s"
}

resource "keycloak_realm_events" "events" {
  realm_id             = keycloak_realm.realm.id
  admin_events_enabled = true
  events_enabled       = true
  events_expiration    = 604800
  events_listeners     = ["jboss-logging"]
}

resource "keycloak_realm_default_client_scopes" "default" {
  realm_id       = keycloak_realm.realm.id
  default_scopes = ["basic"]
}

resource "keycloak_realm_optional_client_scopes" "optional" {
  realm_id        = keycloak_realm.realm.id
  optional_scopes = []
}

resource "keycloak_openid_client" "api" {
  realm_id    = keycloak_realm.realm.id
  client_id   = "atlas-api"
  access_type = "CONFIDENTIAL"
  depends_on  = [keycloak_realm_default_client_scopes.default, keycloak_realm_optional_client_scopes.optional]
}

resource "keycloak_openid_client_scope" "audience" {
  realm_id               = keycloak_realm.realm.id
  name                   = "atlas-api-audience"
  include_in_token_scope = false
}

resource "keycloak_openid_audience_protocol_mapper" "audience" {
  realm_id                 = keycloak_realm.realm.id
  client_scope_id          = keycloak_openid_client_scope.audience.id
  name                     = "atlas-api-audience"
  included_client_audience = keycloak_openid_client.api.client_id
  add_to_id_token          = false
}

resource "keycloak_openid_client_scope" "permission" {
  for_each               = toset(["orders:read", "orders:write"])
  realm_id               = keycloak_realm.realm.id
  name                   = each.key
  include_in_token_scope = true
}

resource "keycloak_openid_client" "customer" {
  for_each                 = var.customers
  realm_id                 = keycloak_realm.realm.id
  client_id                = each.key
  name                     = each.value.name
  access_type              = "CONFIDENTIAL"
  service_accounts_enabled = true
  full_scope_allowed       = false
  extra_config             = { contact = each.value.contact }
  depends_on               = [keycloak_realm_default_client_scopes.default, keycloak_realm_optional_client_scopes.optional]
}

resource "keycloak_openid_client_default_scopes" "customer" {
  for_each  = var.customers
  realm_id  = keycloak_realm.realm.id
  client_id = keycloak_openid_client.customer[each.key].id
  default_scopes = concat(
    ["basic", "service_account", keycloak_openid_client_scope.audience.name],
    [for permission in each.value.access["atlas-api"] : keycloak_openid_client_scope.permission[permission].name],
  )
}
