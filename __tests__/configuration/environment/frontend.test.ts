import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { outcome } from "../folder.ts";
import { fields, file, load, message, messageFor } from "./environment-file.ts";

useEmptyFolder();

describe("an environment file", () => {
  describe("problems of the frontend", () => {
    test.each([
      [
        file({ frontend: "{}" }),
        '2:1  frontend: "redirectUris" is missing; add redirectUris: [https://app.example.com/]',
      ],
      [
        file({ frontend: "{redirectUris: []}" }),
        "2:26  frontend.redirectUris: is empty; name at least one",
      ],
      [
        file({ frontend: "{redirectUris: https://x.example/}" }),
        '2:26  frontend.redirectUris: must be a list, such as [a, b], not "https://x.example/"',
      ],
      [
        file({ frontend: "{redirectUris: [1]}" }),
        "2:27  frontend.redirectUris[0]: must be text, not 1; put it in quotes",
      ],
      [
        file({ frontend: "{redirectUris: ['https://x.example/*']}" }),
        '2:27  frontend.redirectUris[0]: redirect URI "https://x.example/*" has a wildcard; name each address in full',
      ],
      [
        file({ frontend: "{redirectUris: ['http://x.example/']}" }),
        '2:27  frontend.redirectUris[0]: redirect URI "http://x.example/" does not use https; use https, or http on localhost only',
      ],
      [
        file({
          frontend: "{redirectUris: ['https://x.example/'], webOrigins: ['https://x.example/a']}",
        }),
        '2:63  frontend.webOrigins[0]: web origin "https://x.example/a" is more than an origin; write https://x.example',
      ],
      [
        file({ frontend: "{redirectUris: ['https://x.example/'], postLogoutRedirectUris: [a]}" }),
        '2:75  frontend.postLogoutRedirectUris[0]: redirect URI "a" is not an absolute URL; write it in full, such as https://app.example.com/',
      ],
      [
        file({ frontend: "{redirectUri: [https://x.example/]}" }),
        '2:12  frontend.redirectUri: unknown field "redirectUri"; did you mean "redirectUris"?',
      ],
    ])("refuses the environment file %j", (text, problem) => {
      expect(messageFor(text)).toBe(message(problem));
    });
  });

  describe("several frontends", () => {
    const several = file({
      frontend: undefined,
      frontends: "{shop-web: {redirectUris: ['https://x.example/']}}",
    });

    test("are chosen by name", () => {
      expect(load(several).frontendNamed("shop-web")).toEqual({
        redirectUris: ["https://x.example/"],
      });
    });

    test.each([
      ["shop-wbe", 'unknown frontend "shop-wbe" in main.ts; did you mean "shop-web"?'],
      ["toString", 'unknown frontend "toString" in main.ts; frontends has "shop-web"'],
    ])("name the known ones if %j is unknown", (name, problem) => {
      expect(outcome(() => load(several).frontendNamed(name))).toBe(message(`1:1  ${problem}`));
    });

    test("are named in the error if main.ts reads a single one", () => {
      expect(outcome(() => load(several).frontend)).toBe(
        message(
          '1:1  "frontend" is missing, which main.ts uses; the file has frontends, which main.ts reads with environment.frontendNamed("shop-web")',
        ),
      );
    });

    test("are to be written if main.ts reads one by name, and the file has a single one", () => {
      expect(outcome(() => load(file()).frontendNamed("web"))).toBe(
        message(
          '1:1  unknown frontend "web" in main.ts; move frontend into frontends, below "web"',
        ),
      );
    });

    test("are validated like a single one", () => {
      const text = file({ frontend: undefined, frontends: "{web: {redirectUris: ['a']}}" });
      expect(messageFor(text)).toBe(
        message(
          '3:34  frontends.web.redirectUris[0]: redirect URI "a" is not an absolute URL; write it in full, such as https://app.example.com/',
        ),
      );
    });

    test("cannot be combined with a single one", () => {
      expect(messageFor(file({ frontends: "{}" }))).toBe(
        message("4:12  frontends: cannot be combined with frontend; move that one into frontends"),
      );
    });
  });

  test("may have no frontend, if main.ts asks for none", () => {
    const environment = load(file({ frontend: undefined }));
    expect(environment.state).toEqual({ type: "local" });
    expect(outcome(() => environment.frontend)).toBe(
      message(
        '1:1  "frontend" is missing, which main.ts uses; add frontend: {redirectUris: [https://app.example.com/]}',
      ),
    );
    expect(outcome(() => environment.frontendNamed("web"))).toBe(
      message('1:1  unknown frontend "web" in main.ts; frontends has none'),
    );
  });

  test("refuses a single frontend that is misspelled", () => {
    expect(messageFor(file({ frontend: undefined, frontned: fields.frontend }))).toBe(
      message('3:1  frontned: unknown field "frontned"; did you mean "frontend"?'),
    );
  });
});
