import { describe, expect, test } from "@jest/globals";
import { originProblems, redirectUriProblems } from "../../constructs/redirect-uri.ts";

describe("redirect URIs", () => {
  test.each([
    "https://app.example.com/",
    "https://app.example.com",
    "https://app.example.com:8443/callback?next=%2F",
    "http://localhost:5173/",
    "http://127.0.0.1/",
    "http://[::1]:8080/",
  ])("accepts the redirect URI %s", (uri) => {
    expect(redirectUriProblems("redirect URI", uri)).toEqual([]);
  });

  const notHttps = "does not use https; use https, or http on localhost only";
  const relative = "is not an absolute URL; write it in full, such as https://app.example.com/";
  const wildcard = "has a wildcard; name each address in full";
  const fragment = "has a fragment; remove everything from # on";
  const credentials = "contains a user name or password; remove it";
  test.each([
    ["*", wildcard],
    ["https://*.example.com/", wildcard],
    ["https://app.example.com/*", wildcard],
    ["http://app.example.com/", notHttps],
    ["http://localhost.example.com/", notHttps],
    ["http://127.0.0.1.example.com/", notHttps],
    ["http://10.0.0.1/", notHttps],
    ["javascript:alert(1)", notHttps],
    ["com.example.app:/callback", notHttps],
    ["http://localhost@example.com/", credentials],
    ["https://user:password@app.example.com/", credentials],
    ["https://:password@app.example.com/", credentials],
    ["https://app.example.com/#a", fragment],
    ["https://app.example.com/#", fragment],
    ["/callback", relative],
    ["app.example.com", relative],
    ["+", relative],
    ["", relative],
    [" https://app.example.com/", relative],
    ["https://app.example.com/\n", relative],
    ["https://${x}/", 'contains "${", which Terraform would evaluate; remove it'],
    ["https://app.example.com/%{x}", 'contains "%{", which Terraform would evaluate; remove it'],
  ])("refuses the redirect URI %j", (uri, problem) => {
    const shown = uri.replace(/(?<=\/\/)[^/]+(?=@)/, "(hidden)");
    expect(redirectUriProblems("redirect URI", uri)).toEqual([
      `redirect URI ${JSON.stringify(shown)} ${problem}`,
    ]);
  });
});

describe("web origins", () => {
  test.each(["https://app.example.com", "http://localhost:5173", "https://app.example.com:8443"])(
    "accepts the web origin %s",
    (origin) => {
      expect(originProblems(origin)).toEqual([]);
    },
  );

  test.each([
    ["https://app.example.com/", "is more than an origin; write https://app.example.com"],
    ["https://app.example.com/x?y", "is more than an origin; write https://app.example.com"],
    ["https://app.example.com:443", "is more than an origin; write https://app.example.com"],
    ["https://App.example.com", "is more than an origin; write https://app.example.com"],
    ["http://app.example.com", "does not use https; use https, or http on localhost only"],
    ["*", "has a wildcard; name each address in full"],
    ["+", "is not an absolute URL; write it in full, such as https://app.example.com"],
    ["null", "is not an absolute URL; write it in full, such as https://app.example.com"],
  ])("refuses the web origin %j", (origin, problem) => {
    expect(originProblems(origin)).toEqual([`web origin ${JSON.stringify(origin)} ${problem}`]);
  });
});
