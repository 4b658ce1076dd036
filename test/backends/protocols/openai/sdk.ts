import OpenAI from "openai";
import type { OpenAiServer } from "../../../helpers/openai-server.ts";
import { KEY } from "./upstream.ts";

/** Returns OpenAI's own client of a server. */
export function sdkOf(server: OpenAiServer): OpenAI {
	return new OpenAI({ apiKey: KEY, baseURL: server.baseUrl, maxRetries: 0, logLevel: "off" });
}
