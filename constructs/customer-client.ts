import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientDefaultScopes } from "@cdktf/provider-keycloak/lib/openid-client-default-scopes";
import { Construct } from "constructs";
import { templateProblems } from "../text/template.ts";
import { accessScopes } from "./access-scopes.ts";
import { confidential, everyFlowOff } from "./client-settings.ts";
import { constructId } from "./construct-id.ts";
import type { Access } from "./declaration.ts";
import { RealmStack } from "./realm-stack.ts";

/** Properties of {@link CustomerClient}. */
export interface CustomerClientProps {
  /** The customer's name, as people see it. */
  readonly name: string;
  /** The e-mail address to write to; kept as the client attribute `contact`. */
  readonly contact: string;
  /**
   * False suspends the customer: the client stays, and gets no token.
   * @default true
   */
  readonly enabled?: boolean;
  /** What the customer may do: at least one API, and permissions of it. */
  readonly access: Access;
}

/**
 * One third party, one revocable identity: a confidential client whose id is the construct's id, with a service account and
 * nothing else, that gets tokens by the client credentials grant. Its Terraform address depends on that id alone.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts
 */
export class CustomerClient extends Construct {
  constructor(scope: Construct, id: string, props: CustomerClientProps) {
    super(scope, constructId("@", id));
    const realm = RealmStack.of(this);
    const enabled = props.enabled ?? true;
    realm.claim("client id", id, this);
    realm.customers.set(id, {
      name: props.name,
      contact: props.contact,
      enabled,
      access: props.access,
    });
    const client = new OpenidClient(this, "Resource", {
      realmId: realm.realmId,
      clientId: id,
      name: props.name,
      enabled,
      ...confidential,
      ...everyFlowOff,
      serviceAccountsEnabled: true,
      fullScopeAllowed: false,
      extraConfig: { contact: props.contact },
      dependsOn: realm.clientDependencies,
    });
    new OpenidClientDefaultScopes(this, "default-scopes", {
      realmId: realm.realmId,
      clientId: client.id,
      defaultScopes: ["basic", "service_account", ...accessScopes(this, props.access)],
    });
    this.node.addValidation({
      validate: () => [
        ...templateProblems("name", props.name),
        ...templateProblems("contact", props.contact),
      ],
    });
  }
}
