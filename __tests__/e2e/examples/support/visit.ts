import { once } from "node:events";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, Locator, Page, Request, Route } from "playwright-core";
import type { Credentials } from "./people.ts";

const desktop = { width: 1200, height: 800 };
const phone = { width: 360, height: 780 };

const transitionsAreOver = `Promise.allSettled(
  document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)
)`;

/** A visit to the frontend, in its own browser profile. */
export class Visit {
  readonly page: Page;
  /** All tokens that Keycloak sent to the page. */
  readonly tokens: string[] = [];
  /** The messages in the browser's console. */
  readonly console: string[] = [];
  /** All addresses of requests and of the page. */
  readonly addresses: string[] = [];
  /** The addresses of requests to Keycloak to sign in, silent ones included. */
  readonly signIns: URL[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on("console", (message) => this.console.push(message.text()));
    page.on("pageerror", (error) => this.console.push(`not caught: ${error.message}`));
    page.on("framenavigated", (frame) => this.addresses.push(frame.url()));
    page.on("request", (request) => this.addresses.push(request.url()));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (isSignIn(url)) this.signIns.push(url);
    });
    page.on("requestfinished", (request) => void this.#keepTokens(request));
  }

  /** Opens a page. The browser's language is not the page's, which decides. */
  static async begin(browser: Browser): Promise<Visit> {
    const context = await browser.newContext({
      ...{ viewport: desktop, reducedMotion: "reduce", locale: "de-DE" },
    });
    context.setDefaultTimeout(30_000);
    return new Visit(context, await context.newPage());
  }

  /** Opens another tab in the same browser profile. */
  async openTab(): Promise<Visit> {
    return new Visit(this.#context, await this.#context.newPage());
  }

  /** Waits until the page renews its tokens. @returns the refresh token that it used, and Keycloak's status */
  async renewal(): Promise<{ readonly used: string; readonly status: number }> {
    const answer = await this.page.waitForResponse((each) => isRenewal(each.request()));
    const form = new URLSearchParams(answer.request().postData() ?? "");
    return { used: form.get("refresh_token") ?? "", status: answer.status() };
  }

  /** Waits until the page goes to Keycloak for a silent sign-in. */
  async silentSignIn(): Promise<void> {
    await this.page.waitForRequest(
      (request) => isSignIn(new URL(request.url())) && request.url().includes("prompt=none"),
    );
  }

  /** Closes the browser profile. */
  end(): Promise<void> {
    return this.#context.close();
  }

  /** The button with this name. */
  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The heading with this name. */
  heading(name: string): Locator {
    return this.page.getByRole("heading", { name, exact: true });
  }

  /** The row of an order. */
  order(item: string): Locator {
    return this.page.getByRole("row").filter({ hasText: item });
  }

  /** Goes to the frontend and signs in on Keycloak's page. */
  async signIn(url: string, person: Credentials): Promise<void> {
    await this.page.goto(url);
    await this.button("Sign in").click();
    await this.giveCredentials(person);
  }

  /** Signs in on Keycloak's page, and waits for the orders. */
  async giveCredentials({ username, password }: Credentials): Promise<void> {
    await this.page.getByLabel("Username").fill(username);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.button("Sign In").click();
    await this.heading("Orders").waitFor();
  }

  /** Signs out, and waits for the start page. */
  async signOut(): Promise<void> {
    await this.button("Sign out").click();
    await this.button("Sign in").waitFor();
  }

  /** Places an order, and waits until the list contains it. */
  async placeOrder(item: string, quantity: number): Promise<void> {
    await this.page.getByLabel("Item").fill(item);
    await this.page.getByLabel("Quantity").fill(String(quantity));
    await this.button("Create order").click();
    await this.order(item).waitFor();
  }

  /** Presses Tab until something has the focus. @throws Error if it does not get it */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor({ state: "attached" });
    for (let presses = 0; presses < 20; presses += 1) {
      if (await this.isFocused(target)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error("Tab does not reach it");
  }

  /** Whether something has the focus. */
  async isFocused(target: Locator): Promise<boolean> {
    return (await target.and(this.page.locator(":focus")).count()) > 0;
  }

  /** Makes requests wait. @returns a function that releases them */
  async hold(addresses: string): Promise<() => void> {
    const release = new AbortController();
    await this.page.route(addresses, async (route) => {
      if (!release.signal.aborted) await once(release.signal, "abort");
      await route.continue();
    });
    return () => {
      release.abort();
    };
  }

  /** Lets the next request reach its server, and loses the answer. */
  async loseAnswer(addresses: string): Promise<void> {
    const lose = async (route: Route) => {
      await route.fetch();
      await route.abort();
    };
    await this.page.route(addresses, lose, { times: 1 });
  }

  /** Accessibility problems of the page as it is now: in light mode on a computer, and in dark mode on a phone. */
  async flaws(): Promise<string[]> {
    const flaws = [...(await this.#flaws("light", desktop)), ...(await this.#flaws("dark", phone))];
    await this.page.setViewportSize(desktop);
    await this.page.emulateMedia({ colorScheme: "light" });
    return flaws;
  }

  async #flaws(colorScheme: "light" | "dark", viewport: typeof desktop): Promise<string[]> {
    await this.page.setViewportSize(viewport);
    await this.page.emulateMedia({ colorScheme });
    // colours in a transition would be measured halfway
    await this.page.evaluate(transitionsAreOver);
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate<axe.AxeResults>("axe.run()");
    const width = await this.page.evaluate<number>("document.documentElement.scrollWidth");
    return [
      ...violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${colorScheme}: ${id}, ${help}: ${target.join(" ")}`),
      ),
      ...(width > viewport.width
        ? [`${colorScheme}: ${width} px wide on ${viewport.width} px`]
        : []),
    ];
  }

  /** Saves screenshots of the page for the documents. */
  async takeScreenshots(folder: string): Promise<void> {
    const screenshots = [
      { name: "light", viewport: { width: 1_120, height: 700 } },
      { name: "dark", viewport: { width: 1_120, height: 700 } },
      { name: "phone", viewport: { width: 390, height: 844 } },
    ];
    for (const { name, viewport } of screenshots) {
      await this.page.setViewportSize(viewport);
      await this.page.emulateMedia({ colorScheme: name === "dark" ? "dark" : "light" });
      await this.page.evaluate(transitionsAreOver);
      await this.page.screenshot({ path: join(folder, `frontend-${name}.png`) });
    }
    await this.page.setViewportSize(desktop);
  }

  /** The places outside of the page's memory that contain a token, of all tokens until now. */
  async leaks(): Promise<string[]> {
    const places = {
      addresses: this.addresses,
      console: this.console,
      "cookies of the page": await this.page.evaluate("document.cookie"),
      sessionStorage: await this.page.evaluate("({ ...sessionStorage })"),
      "localStorage or IndexedDB": (await this.#context.storageState({ indexedDB: true })).origins,
    };
    return Object.entries(places).flatMap(([place, content]) => {
      const text = JSON.stringify(content);
      // the end of a token is enough to recognize it, however the rest is encoded
      const found = this.tokens.filter((token) => text.includes(token.slice(-40)));
      return found.map(() => place);
    });
  }

  /** The violations of the content security policy. */
  get refusals(): string[] {
    return this.console.filter((line) => /Content Security Policy|Trusted ?Type/i.test(line));
  }

  async #keepTokens(request: Request): Promise<void> {
    if (!isTokenRequest(request)) return;
    // there is no answer if the page goes away in the meantime
    const answer = await request.response().catch(() => null);
    const body = (await answer?.json().catch(() => ({}))) as Record<string, unknown> | undefined;
    for (const name of ["access_token", "refresh_token", "id_token"]) {
      const token = body?.[name];
      if (typeof token === "string") this.tokens.push(token);
    }
  }
}

function isSignIn({ pathname }: URL): boolean {
  return pathname.endsWith("/protocol/openid-connect/auth");
}

/** Whether a request goes to Keycloak's token endpoint. */
export function isTokenRequest(request: Request): boolean {
  return request.method() === "POST" && request.url().endsWith("/protocol/openid-connect/token");
}

/** Whether a request renews tokens. */
export function isRenewal(request: Request): boolean {
  return (
    isTokenRequest(request) && request.postData()?.includes("grant_type=refresh_token") === true
  );
}
