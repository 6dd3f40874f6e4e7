import { createApp } from "vue";
import App from "./App.vue";
import { apiKey, createApi } from "./api/api.ts";
import { createSession, sessionKey } from "./session/session.ts";
import { settings } from "./settings.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";

// A page restored from the browser's back/forward cache may show a user who has signed out since.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const session = createSession(settings.keycloak);
createApp(App)
  .provide(sessionKey, session)
  .provide(apiKey, createApi(settings.apiUrl, session))
  .mount("#app");
void session.start();
