/** The parts of Hono that the server uses. The build bundles them into this file, so that the packages need not be installed. */
export { getRequestListener } from "@hono/node-server";
export { type Context, Hono, type MiddlewareHandler } from "hono";
