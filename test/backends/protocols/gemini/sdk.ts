import { GoogleGenAI } from "@google/genai";
import type { OpenAiServer } from "../../../helpers/openai-server.ts";
import { KEY } from "./upstream.ts";

/** Returns the client of Google's SDK for a server. */
export function sdkOf(server: OpenAiServer): GoogleGenAI {
	return new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: server.baseUrl.replace(/\/v1$/, "") } });
}

/** Headers in which a request must equal that of the SDK. */
export const COMPARED_HEADERS = ["x-goog-api-key", "authorization", "content-type"] as const;
