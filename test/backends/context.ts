import type { BackendContext, BackendMedia } from "../../generated/backends/backend.ts";

/** Media of a guest without objects. */
export const NO_MEDIA: BackendMedia = {
	open: () => Promise.reject(new Error("this test has no media")),
	store: () => Promise.reject(new Error("this test stores no media")),
};

/** Context of a request. */
export function contextOf(more: Partial<BackendContext> = {}): BackendContext {
	return { signal: new AbortController().signal, requestId: "r", apiKey: undefined, media: NO_MEDIA, ...more };
}
