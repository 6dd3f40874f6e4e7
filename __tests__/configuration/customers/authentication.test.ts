import { describe, expect, test } from "@jest/globals";
import { outcome, useEmptyFolder } from "../folder.ts";
import { acme, declared, load, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

describe("auth", () => {
  test.each([
    { method: "client_secret" },
    { method: "tls_client_auth", subjectDn: "CN=acme.example,O=Acme\\, Inc." },
    { method: "tls_client_auth", subjectDn: "CN=a+UID=7", caSubjectDn: "2.5.4.97=x,C=DE" },
    { method: "federated_jwt", issuer: "github", subject: "repo:acme/app:ref:refs/heads/main" },
  ])("is loaded: %j", (auth) => {
    expect(load(acme({ auth: JSON.stringify(auth) }))).toMatchObject([{ auth }]);
  });

  const methods = "client_secret, private_key_jwt, tls_client_auth, federated_jwt";
  const mapping = "a mapping, such as {method: client_secret}";
  const notDn =
    "is not a distinguished name; copy it from openssl x509 -noout -subject -nameopt RFC2253, such as CN=acme.example,O=Acme Corp";
  test.each([
    ["", `6:10  customers.acme.auth: is empty; write ${mapping}`],
    ["client_secret", `6:11  customers.acme.auth: must be ${mapping}, not "client_secret"`],
    ["{}", `6:11  customers.acme.auth.method: is missing; set it to one of ${methods}`],
    [
      "{methd: client_secret}",
      '6:11  customers.acme.auth.method: is missing; rename "methd" to method',
    ],
    ["{method: 5}", `6:20  customers.acme.auth.method: must be one of ${methods}`],
    [
      "{method: private-key-jwt}",
      '6:20  customers.acme.auth.method: unknown method "private-key-jwt"; did you mean "private_key_jwt"?',
    ],
    [
      "{method: password}",
      `6:20  customers.acme.auth.method: unknown method "password"; use one of ${methods}`,
    ],
    [
      "{method: client_secret, secret: hunter2}",
      '6:35  customers.acme.auth.secret: unknown field "secret"; known: "method"',
    ],
    [
      "{method: tls_client_auth}",
      '6:5  customers.acme.auth: "subjectDn" is missing; add subjectDn: CN=acme.example,O=Acme Corp',
    ],
    ...['""', "/C=DE/CN=acme", "acme", "'CN=a,'", "'CN = a'", "'CN=a;b'", "'CN=a\\x'"].map(
      (subject) =>
        [
          `{method: tls_client_auth, subjectDn: ${subject}}`,
          `6:48  customers.acme.auth.subjectDn: ${subject === '""' ? "is empty; write the certificate's subject" : `${JSON.stringify(subject.replaceAll("'", ""))} ${notDn}`}`,
        ] as const,
    ),
    [
      "{method: tls_client_auth, subjectDn: CM=a}",
      '6:48  customers.acme.auth.subjectDn: unknown attribute "CM"; use CN, C, O, OU, ST, L, STREET, DC, UID, T, DNQ, DNQUALIFIER, SURNAME, GIVENNAME, INITIALS, GENERATION, EMAILADDRESS, SERIALNUMBER, or an object identifier such as 2.5.4.97',
    ],
    [
      "{method: tls_client_auth, subjectDn: CN=a, caSubjectDn: b}",
      `6:67  customers.acme.auth.caSubjectDn: "b" ${notDn}`,
    ],
    [
      "{method: federated_jwt, subject: a}",
      '6:5  customers.acme.auth: "issuer" is missing; add issuer: github',
    ],
    [
      "{method: federated_jwt, issuer: githb, subject: a}",
      '6:43  customers.acme.auth.issuer: unknown issuer "githb"; did you mean "github"?',
    ],
    [
      "{method: federated_jwt, issuer: gitlab.example, subject: a}",
      '6:43  customers.acme.auth.issuer: unknown issuer "gitlab.example"; known: "github"; declare it with a TrustedIssuer in main.ts',
    ],
    ...(
      [
        ['""', "is empty; write the sub of the issuer's token"],
        ['"repo:*"', '"repo:*" contains a wildcard; write the exact sub of the issuer\'s token'],
        ['"a "', '"a " begins or ends with a space; remove it'],
        ['"a\\u200Bb"', "contains the invisible character \\u200b; remove it"],
        ['"${a}"', 'the subject "${a}" contains "${", which Terraform would evaluate; remove it'],
      ] as const
    ).map(
      ([subject, problem]) =>
        [
          `{method: federated_jwt, issuer: github, subject: ${subject}}`,
          `6:60  customers.acme.auth.subject: ${problem}`,
        ] as const,
    ),
  ])("refuses %s", (auth, problem) => {
    expect(messageFor(acme({ auth }))).toBe(message(problem));
  });

  test("is refused if a permission requires another method", () => {
    const access = "{atlas-api: [orders:read, orders:write]}";
    const problem = (method: string) =>
      message(
        `5:39  customers.acme.access.atlas-api[1]: "orders:write" requires private_key_jwt or tls_client_auth, and the customer authenticates with ${method}; change its auth`,
      );
    const federated = "{method: federated_jwt, issuer: github, subject: a}";
    const tls = "{method: tls_client_auth, subjectDn: CN=a}";
    const requires = { "orders:write": ["private_key_jwt", "tls_client_auth"] } as const;
    const loaded = (auth?: string) => load(acme({ access, auth }), { ...declared, requires });
    expect(outcome(() => loaded())).toBe(problem("client_secret"));
    expect(outcome(() => loaded(federated))).toBe(problem("federated_jwt"));
    expect(loaded(tls)).toHaveLength(1);
  });
});

describe("the subject of an issuer's tokens", () => {
  const issuers = { github: "https://issuer.example", gitlab: "https://other.example" };
  const entry = (id: string, auth: string) =>
    `  ${id}:\n    {name: A, contact: a@b.example, access: {billing: []}, auth: ${auth}}\n`;
  const federated = (issuer: string, subject: string) =>
    `{method: federated_jwt, issuer: ${issuer}, subject: ${subject}}`;
  const loaded = (...auths: string[]) => {
    const entries = auths.map((auth, index) => entry(`c${index + 1}`, auth));
    return outcome(() => load(`customers:\n${entries.join("")}`, { ...declared, issuers }));
  };

  test("is refused in each entry but the first", () => {
    const auth = federated("github", "a");
    const problem = 'is also the subject of "c1"; one subject is one customer';
    expect(loaded(auth, federated("github", "b"), auth, auth)).toBe(
      message(
        `7:115  customers.c3.auth.subject: ${problem}`,
        `9:115  customers.c4.auth.subject: ${problem}`,
      ),
    );
  });

  test("may be the subject of another issuer, too", () => {
    expect(loaded(federated("github", "a"), federated("gitlab", "a"))).not.toContain("problem");
  });
});

describe("fields that go with some methods only", () => {
  const tls = "{method: tls_client_auth, subjectDn: CN=a}";
  const federated = "{method: federated_jwt, issuer: github, subject: a}";
  const jwksUrl = "{method: private_key_jwt, jwksUrl: 'https://keys.example.com/'}";

  test.each([
    { tokenBinding: "dpop" },
    { tokenBinding: "dpop", auth: jwksUrl },
    { rotation: "2" },
    { rotation: "2", auth: "{method: client_secret}" },
  ])("are accepted with them: %j", (fields) => {
    expect(load(acme(fields))).toHaveLength(1);
  });

  test.each([
    ["tokenBinding", "dpop", tls, "tls_client_auth"],
    ["tokenBinding", "dpop", federated, "federated_jwt"],
    ["rotation", "2", jwksUrl, "private_key_jwt"],
    ["rotation", "2", tls, "tls_client_auth"],
    ["rotation", "2", federated, "federated_jwt"],
  ])("are refused with others: %s: %s, auth: %s", (field, value, auth, method) => {
    const column = field.length + 7;
    expect(messageFor(acme({ [field]: value, auth }))).toBe(
      message(`6:${column}  customers.acme.${field}: does not go with ${method}; remove it`),
    );
  });
});

test("reports the problems of authentication with all others at once", () => {
  const text = acme({
    access: "{atlas-api: [orders:write, nope]}",
    tokenBinding: "5",
    expires: "x",
    rotation: "2",
    auth: "{method: federated_jwt, issuer: x, subject: y, extra: 1}",
  });
  const requires = { "orders:write": ["private_key_jwt"] } as const;
  expect(
    outcome(() => load(text, { ...declared, requires }))
      .split("\n")
      .slice(1)
      .map((line) => line.split(/ +/)[2]),
  ).toEqual([
    "customers.acme.access.atlas-api[0]:",
    "customers.acme.access.atlas-api[1]:",
    "customers.acme.tokenBinding:",
    "customers.acme.expires:",
    "customers.acme.rotation:",
    "customers.acme.auth.issuer:",
    "customers.acme.auth.extra:",
  ]);
});
