import { describe, expect, test } from "@jest/globals";
import { originProblems, redirectUriProblems } from "../../constructs/redirect-uri.ts";

describe("a redirect URI", () => {
  test.each([
    "https://app.example.com/",
    "https://app.example.com",
    "https://app.example.com:8443/callback?next=%2F",
    "http://localhost:5173/",
    "http://127.0.0.1/",
    "http://[::1]:8080/",
  ])("may be %s", (uri) => {
    expect(redirectUriProblems("redirect URI", uri)).toEqual([]);
  });

  const notHttps = "is not https; use https, or http on localhost only";
  const relative = "is no absolute URL; write it in full, like https://app.example.com/";
  const wildcard = "has a wildcard; name each address in full";
  const fragment = "has a fragment; leave out what starts with #";
  const user = "has a user's name; leave it out";
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
    ["http://localhost@example.com/", user],
    ["https://user:password@app.example.com/", user],
    ["https://:password@app.example.com/", user],
    ["https://app.example.com/#a", fragment],
    ["https://app.example.com/#", fragment],
    ["/callback", relative],
    ["app.example.com", relative],
    ["+", relative],
    ["", relative],
    [" https://app.example.com/", relative],
    ["https://app.example.com/\n", relative],
    ["https://${x}/", 'holds "${", which Terraform would evaluate; write it without'],
    [
      "https://app.example.com/%{x}",
      'holds "%{", which Terraform would evaluate; write it without',
    ],
  ])("may not be %j", (uri, problem) => {
    expect(redirectUriProblems("redirect URI", uri)).toEqual([
      `redirect URI ${JSON.stringify(uri)} ${problem}`,
    ]);
  });
});

describe("a web origin", () => {
  test.each(["https://app.example.com", "http://localhost:5173", "https://app.example.com:8443"])(
    "may be %s",
    (origin) => {
      expect(originProblems(origin)).toEqual([]);
    },
  );

  test.each([
    ["https://app.example.com/", "is more than an origin; write https://app.example.com"],
    ["https://app.example.com/x?y", "is more than an origin; write https://app.example.com"],
    ["https://app.example.com:443", "is more than an origin; write https://app.example.com"],
    ["https://App.example.com", "is more than an origin; write https://app.example.com"],
    ["http://app.example.com", "is not https; use https, or http on localhost only"],
    ["*", "has a wildcard; name each address in full"],
    ["+", "is no absolute URL; write it in full, like https://app.example.com"],
    ["null", "is no absolute URL; write it in full, like https://app.example.com"],
  ])("may not be %j", (origin, problem) => {
    expect(originProblems(origin)).toEqual([`web origin ${JSON.stringify(origin)} ${problem}`]);
  });
});
