import type { HostClient } from "../../host/client.ts";
import { HttpError } from "../http-error.ts";
import { apiErrorBody, invalid, unsupported } from "../openai/errors.ts";
import type { ServeContext } from "../serve-context.ts";
import type { PeerHandler, UpgradeRequest, UpgradeRoute } from "../websocket/upgrades.ts";
import { RealtimeConnection } from "./realtime-connection.ts";
import { SessionConfig } from "./session-config.ts";

/** Path of realtime sessions. */
const PATH = "/v1/realtime";

/** Connections of a client without a session. Sessions have a limit of their own: `max_realtime_sessions`. */
const MAX_WAITING = 64;

/** Longest model in a URL, in UTF-16 units. */
const MAX_MODEL = 512;

/**
 * Realtime sessions in OpenAI's protocol: `/v1/realtime?model=…`, or `?intent=transcription`.
 *
 * @see https://platform.openai.com/docs/guides/realtime-websocket
 */
export function realtimeRoute(context: Pick<ServeContext, "signal">): UpgradeRoute {
	const waiting = new WeakMap<HostClient, number>();
	return {
		matches: (path) => path === PATH,
		protocols: ["realtime"],
		refusal: apiErrorBody,
		accept(request): PeerHandler {
			const config = configOf(request.url.searchParams);
			const { client, requestId } = request;
			const { hostClient } = client;
			if (!client.mayUse("realtime_voice")) client.check("realtime_voice", undefined);
			if ((waiting.get(hostClient) ?? 0) >= MAX_WAITING)
				throw new HttpError(
					429,
					"rate_limited",
					`${MAX_WAITING} connections of this client have not begun their session; use or close them`,
				);
			const count = (change: number): void => {
				waiting.set(hostClient, (waiting.get(hostClient) ?? 0) + change);
			};
			return async (peer) => {
				count(1);
				let isWaiting = true;
				const onBegin = (): void => {
					if (isWaiting) count(-1);
					isWaiting = false;
				};
				try {
					await new RealtimeConnection({ peer, client, config, requestId, stopping: context.signal, onBegin }).run();
				} finally {
					onBegin();
				}
			};
		},
	};
}

function configOf(query: UpgradeRequest["url"]["searchParams"]): SessionConfig {
	const intent = query.get("intent");
	if (query.has("call_id")) throw unsupported("call_id", "calls are not supported; connect with a model");
	if (intent !== null && intent !== "transcription") throw invalid("intent", "must be transcription, or absent");
	const model = query.get("model") ?? undefined;
	if (model !== undefined && (model === "" || model.length > MAX_MODEL)) throw invalid("model", `must have 1 to ${MAX_MODEL} characters`);
	return SessionConfig.of(intent === null ? "conversation" : "transcription", model);
}
