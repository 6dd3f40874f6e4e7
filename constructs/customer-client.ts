import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { scopesOfCustomers } from "./names/reserved-names.ts";
import { Lazy, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { templateProblems } from "./synthesis/terraform-template.ts";
import { accessScopes } from "./scopes/access-scopes.ts";
import { addClientScopeLists } from "./scopes/client-scope-lists.ts";
import { withoutCreationStacks } from "./synthesis/creation-stacks.ts";
import {
  authenticationArguments,
  authenticationOfCustomer,
} from "./authentication/authentication.ts";
import { customerAttributes } from "./customer-attributes.ts";
import { everyFlowOff } from "./client-settings.ts";
import type { Customer } from "./declaration.ts";
import { definedArguments } from "./synthesis/defined-arguments.ts";
import { constructId } from "./names/construct-id.ts";
import { RealmStack } from "./realm-stack.ts";

/** Properties of {@link CustomerClient}. */
export interface CustomerClientProps extends Omit<Customer, "enabled"> {
  /**
   * False suspends the customer: its client stays but gets no token.
   * @default true
   */
  readonly enabled?: boolean;
}

/**
 * A customer: one third party with one revocable identity. Its confidential client has the construct's id as client id and a
 * service account, and obtains tokens only by the client credentials grant. Its Terraform address depends on its id only.
 *
 * @example
 * new CustomerClient(customers, "acme", {
 *   name: "Acme Corp",
 *   contact: "api@acme.example",
 *   access: { "atlas-api": ["orders:read"] },
 * });
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4 (RFC 6749, "Client Credentials Grant")
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts
 */
export class CustomerClient extends Construct {
  constructor(scope: Construct, id: string, props: CustomerClientProps) {
    super(RealmStack.scopeForCustomer(id, props, scope), constructId("@", id));
    const realm = RealmStack.of(this);
    const { realmId, clientDependencies } = realm.referenceFor(this);
    const { name, contact, enabled = true, access, tokenLifespan } = props;
    const declared = authenticationOfCustomer(props);
    const auth =
      declared.method === "federated_jwt"
        ? { ...declared, issuer: realm.issuerAlias(declared.issuer, this) }
        : declared;
    realm.contents.reserveName("client id", id, this);
    realm.registerCustomer(this, id, { ...props, enabled });
    if (!realm.isSynthesized(this)) return;
    withoutCreationStacks(() => {
      const client = new CustomersResource(this, "Resource", {
        realmId,
        clientId: id,
        name,
        enabled,
        ...authenticationArguments(auth, realm.secretPrefix),
        ...everyFlowOff,
        serviceAccountsEnabled: true,
        fullScopeAllowed: false,
        ...(tokenLifespan !== undefined && { accessTokenLifespan: String(tokenLifespan) }),
        // also if it is false: the provider would keep a true one
        requireDpopBoundTokens: props.tokenBinding === "dpop",
        extraConfig: customerAttributes(props, auth),
        dependsOn: clientDependencies,
      });
      const scopes = accessScopes(this, access);
      const all = { produce: () => [...scopesOfCustomers, ...scopes()] };
      addClientScopeLists(this, client, Lazy.listValue(all));
    });
    if (props.renamedFrom !== undefined) this.#moveFrom(props.renamedFrom, realm);
    this.node.addValidation({
      validate: () => [...templateProblems("name", name), ...templateProblems("contact", contact)],
    });
  }

  /** Keeps the client that has been declared with another id, with its secret and its scopes. */
  #moveFrom(id: string, realm: RealmStack): void {
    // nobody else can have it meanwhile: in the state, it is this client
    realm.contents.reserveName("client id", id, this);
    for (const resource of this.node.children.filter((each) =>
      TerraformResource.isTerraformResource(each),
    )) {
      const former = realm.logicalIdBelow(this, constructId("@", id), resource.node.id);
      resource.moveFromId(`${resource.terraformResourceType}.${former}`);
    }
  }
}

class CustomersResource extends OpenidClient {
  protected override synthesizeAttributes() {
    return definedArguments(super.synthesizeAttributes());
  }
}
