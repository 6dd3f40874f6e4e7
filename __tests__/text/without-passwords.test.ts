import { expect, test } from "@jest/globals";
import { withoutPasswords } from "../../text/without-passwords.ts";

test.each([
  ["postgres://atlas:TOPSECRET@db.example/atlas", "postgres://(hidden)@db.example/atlas"],
  ["postgres://atlas:p%zzTOPSECRET@db.example", "postgres://(hidden)@db.example"],
  ["https://a:TOP@SECRET@x.example/?a=b#c", "https://(hidden)@x.example/?a=b#c"],
  ["https://token@github.com/a", "https://(hidden)@github.com/a"],
  ['"postgres://atlas:TOP"', '"postgres://atlas:(hidden)"'],
  ["https://atlas:TOP/SECRET", "https://atlas:(hidden)"],
  ["https://atlas:12SECRET#", "https://atlas:(hidden)"],
  ["host=db password=TOPSECRET user=a", "host=db password=(hidden) user=a"],
  ["password='TOP \\' SECRET' user=a", "password=(hidden) user=a"],
  ["password = 'TOPSECRET", "password = (hidden)"],
  ["postgres://db/atlas?password=TOPSECRET&user=a", "postgres://db/atlas?password=(hidden)&user=a"],
])("hides the password in %s", (text, shown) => {
  expect(withoutPasswords(text)).toBe(shown);
});

test.each([
  "https://login.example.com:8443/realms/atlas?a=b@c",
  "http://localhost:8080",
  "(http://localhost:8080), http://localhost:8080: EOF at http://localhost:8080.",
  '"https://x.example:99999"',
  "http://[::1]:8080/a",
  "postgres:///atlas",
  "a@b.example",
  "the password is wrong",
  "arn:aws:iam::123:user/x",
])("leaves %s as it is", (text) => {
  expect(withoutPasswords(text)).toBe(text);
});
