const proxy = "http://127.0.0.1:9";

/** Environment variables of a user whose proxy reaches nothing, and who excepts no host from it. */
export const unusableProxy = {
  ...{ HTTP_PROXY: proxy, http_proxy: proxy, NODE_USE_ENV_PROXY: "1" },
  ...{ NO_PROXY: "", no_proxy: "" },
};
