import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";
import type { Browser } from "playwright-core";
import { endToEnd } from "../../support/end-to-end.ts";
import { startChromium } from "./chromium.ts";
import { FrontendStage, type FrontendStageOptions } from "./frontend-stage.ts";
import { Visit } from "./visit.ts";

/** Lifetime of an access token, in seconds. */
const tokenLifetime = 6;

/** The stage of this test file. */
export let stage: FrontendStage;
/** The visit of the running test. */
export let visit: Visit;

/** Opens a stage for the tests of this file, with access tokens that soon expire, and a visit for each test. */
export function openScene(name: string, options: FrontendStageOptions): void {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
    stage = await FrontendStage.open(endToEnd().root, name, options);
    const { admin, realm } = stage;
    await admin.realms.update({ realm }, { accessTokenLifespan: tokenLifetime });
  });
  afterAll(async () => {
    await browser.close();
    await stage.close();
  });
  beforeEach(async () => {
    visit = await Visit.begin(browser);
  });
  afterEach(() => visit.end());
}
