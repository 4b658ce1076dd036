import type { Hono } from "../hono.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { speechApp } from "./audio/speech-api.ts";
import { transcriptsApp } from "./audio/transcripts-api.ts";
import { embeddingsApp } from "./embeddings/embeddings-api.ts";
import type { ImageLinks } from "./images/image-links.ts";
import { imagesApp } from "./images/images-api.ts";

/** Adds the routes of embeddings, images and audio to the application of OpenAI's API. */
export function addMediaRoutes(app: Hono<ServeEnv>, context: ServeContext, links: ImageLinks): void {
	for (const each of [embeddingsApp(context), imagesApp(context, links), speechApp(context), transcriptsApp(context)]) app.route("/", each);
}
