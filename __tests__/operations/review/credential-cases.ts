import type { PublicJwk } from "../../../constructs/authentication/authentication.ts";
import { githubActions } from "../../../constructs/authentication/trusted-issuer.ts";
import type { Side } from "../../../operations/review/compare/resources/pairs.ts";
import type { Report } from "../../../operations/review/report.ts";
import { type Declared, five, report, side } from "./synthesized-sides.ts";

/** The key of RFC 8037, appendix A.2. Its thumbprint is in A.3. */
export const firstKey: PublicJwk = {
  ...{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
  ...{ kid: "2026-a", alg: "EdDSA", use: "sig" },
};

/** The key of RFC 8032, section 7.1, test 2. */
export const secondKey: PublicJwk = {
  ...{ kty: "OKP", crv: "Ed25519", x: "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw" },
  ...{ kid: "2026-b", alg: "EdDSA", use: "sig" },
};

/** A customer that signs with keys. */
export const signing = (...keys: readonly PublicJwk[]) => ({
  auth: { method: "private_key_jwt", jwks: keys } as const,
});

const jwksUrl = { method: "private_key_jwt", jwksUrl: "https://keys.example.com/acme" } as const;

/** The five customers, of which one differs. */
export const withAcme = (
  acme: NonNullable<Declared["customers"]>[string],
  realm: Declared = {},
): Side => side({ customers: { ...five, acme }, ...realm });

/** The five customers, of which one has another id. */
export function renamed(id: string, line: object = { renamedFrom: "acme" }): Side {
  const { acme, ...others } = five;
  return side({ customers: { ...others, [id]: { ...acme, ...line } } });
}

const overlapping: Declared = { authentication: { rotationOverlap: 172_800 } };

/** The situations about credentials that have a golden file, by its name. */
export const credentialSituations: readonly (readonly [name: string, found: () => Report])[] = [
  [
    "method-to-keys",
    () => report(withAcme({}), withAcme({ ...signing(firstKey), tokenBinding: "dpop" })),
  ],
  [
    "method-to-secret",
    () => report(withAcme({ auth: jwksUrl }), withAcme({ auth: { method: "client_secret" } })),
  ],
  ["key-added", () => report(withAcme(signing(firstKey)), withAcme(signing(firstKey, secondKey)))],
  [
    "key-removed",
    () => report(withAcme(signing(firstKey, secondKey)), withAcme(signing(secondKey))),
  ],
  [
    "keys-moved-to-an-address",
    () => report(withAcme(signing(firstKey)), withAcme({ auth: jwksUrl })),
  ],
  [
    "certificate-subject-changed",
    () => {
      const certificate = (subjectDn: string) =>
        withAcme({ auth: { method: "tls_client_auth", subjectDn, caSubjectDn: "CN=CA" } });
      return report(certificate("CN=acme"), certificate("CN=acme,O=Acme"));
    },
  ],
  [
    "lifespan-expiry-binding-and-recipient-set",
    () =>
      report(
        withAcme({ tokenLifespan: 120 }),
        withAcme({
          ...{ tokenLifespan: 60, expires: "2027-06-30", tokenBinding: "dpop" },
          handover: "age1qyqszqgpqyqszqgpqyqszqgp",
        }),
      ),
  ],
  [
    "lifespan-expiry-binding-and-recipient-removed",
    () =>
      report(
        withAcme({
          ...{ tokenLifespan: 60, expires: "2027-06-30", tokenBinding: "dpop" },
          handover: "age1qyqszqgpqyqszqgpqyqszqgp",
        }),
        withAcme({}),
      ),
  ],
  ...(
    [
      ["lifespan-from-the-realms-to-a-longer-one", {}, { tokenLifespan: 600 }],
      ["lifespan-back-to-the-shorter-one-of-the-realm", { tokenLifespan: 3_600 }, {}],
    ] as const
  ).map(([name, before, after]): [string, () => Report] => [
    name,
    () => report(withAcme(before), withAcme(after)),
  ]),
  [
    "lifespan-in-an-existing-realm",
    () => {
      const existing = { existing: true };
      return report(withAcme({ tokenLifespan: 60 }, existing), withAcme({}, existing));
    },
  ],
  [
    "expiry-moved",
    () => report(withAcme({ expires: "2027-06-30" }), withAcme({ expires: "2027-12-31" })),
  ],
  [
    "expiry-on-a-day-that-is-over",
    () => report(withAcme({}), withAcme({ expires: "2020-01-01", enabled: false })),
  ],
  [
    "rotation-with-overlap",
    () => report(withAcme({}, overlapping), withAcme({ rotation: 2 }, overlapping)),
  ],
  ["rotation-without-overlap-refused", () => report(withAcme({}), withAcme({ rotation: 2 }))],
  ["customer-renamed", () => report(side({}), renamed("acme-eu"))],
  ["customer-renamed-without-the-line-refused", () => report(side({}), renamed("acme-eu", {}))],
  [
    "added-with-a-method",
    () =>
      report(
        side({}),
        side({
          customers: {
            ...five,
            soylent: {
              ...{ ...signing(firstKey), tokenBinding: "dpop", name: "Soylent" },
              ...{ expires: "2027-06-30", tokenLifespan: 120 },
            },
          },
        }),
      ),
  ],
  ["issuer-and-requirement-added", () => report(side({}), withIssuer())],
  ["issuer-and-requirement-removed-refused", () => report(withIssuer(), side({}))],
  ["hostile-credentials", hostile],
];

function withIssuer(): Side {
  const subject = "repo:acme/app:ref:refs/heads/main";
  return side({
    issuers: { github: githubActions },
    apis: {
      "atlas-api": [
        "orders:read",
        { name: "orders:write", requires: ["private_key_jwt", "federated_jwt"] },
      ],
    },
    customers: {
      ...five,
      globex: { ...five.globex, auth: { method: "federated_jwt", issuer: "github", subject } },
    },
    authentication: { allowedJwksHosts: ["keys.example.com"], rotationOverlap: 172_800 },
  });
}

/** Texts that no file can contain: the review must be safe even if nothing validated them before. */
function hostile(): Report {
  const evil = "|`@bob\n\n# h <img src=x>";
  const kid = { ...secondKey, kid: evil };
  const auth = { method: "private_key_jwt", jwks: [kid], algorithm: "EdDSA" } as const;
  const head = withAcme({ auth, expires: evil, handover: evil });
  return report(withAcme(signing(firstKey)), head);
}
