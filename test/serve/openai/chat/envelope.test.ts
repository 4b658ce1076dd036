/** A request over HTTP becomes the very envelope that a guest makes by the typed call. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestEnvelope } from "../../../../generated/ir/envelope.ts";
import { ask, familyGuest } from "../../../helpers/family-guest.ts";
import { buildTestGuest, scratch } from "../../../helpers/guest.ts";
import { scriptedKind, served } from "../served.ts";
import { ENVELOPE_CASES } from "./envelope-cases.ts";

/** A guest that sends a request, or writes it into a session and sends that. */
const GUEST = familyGuest(
	'import { complete, completeStream, Session } from "spear:ai/cchat@0.1.0";',
	`	complete: ({ request, options }) => complete(request, options ?? undefined).model,
	stream({ request, options }) {
		const stream = completeStream(request, options ?? undefined);
		for (;;) {
			const event = stream.next();
			if (event.tag === "completed") return event.val.model;
		}
	},
	session({ request: { messages, ...initial } }) {
		const session = Session.open({ messages: [], ...initial }, undefined);
		for (const message of messages) session.writeMessage(message);
		return session.send().model;
	},`,
);

/** Returns the text of an envelope without what differs between two equal requests. */
function comparable({ request_id: _, meta: __, ...envelope }: RequestEnvelope): string {
	return JSON.stringify(envelope).replace(/sms\+file:\/\/[0-9a-f]{32}/g, "sms+file://ID");
}

test("texts, media, tools, schemas and options of a guest and of HTTP are one envelope", async () => {
	const { prepared } = await buildTestGuest(GUEST, { world: "agent" });
	const { kind, received } = scriptedKind([]);
	const config = {
		host: { log_level: "silent" as const, cache_dir: scratch() },
		media: { allowed_hosts: ["img.example"] },
		backends: { up: { kind: "scripted", options: { allow_provider_options: true } } },
	};
	await served(
		config,
		async ({ host, post }) => {
			const instance = await (await host.load(prepared)).instantiate();
			for (const [name, { wit, options, body, inSession, inResponses, inMessages }] of Object.entries(ENVELOPE_CASES)) {
				for (const command of inSession === true ? ["complete", "stream", "session"] : ["complete", "stream"]) {
					received.length = 0;
					const [outcome] = await ask(instance, { do: command, request: wit, ...(options === undefined ? {} : { options }) });
					assert.equal(outcome, { ok: "small-1" }, `${name}, by ${command}`);
					const more = command === "stream" ? { stream: true } : {};
					const bodies = { "/chat/completions": body, "/responses": inResponses, "/messages": inMessages };
					for (const [path, sent] of Object.entries(bodies)) {
						if (sent === undefined) continue;
						const answer = await post(path, { ...sent, ...more });
						assert.is(answer.status, 200, `${name}: ${await answer.text()}`);
					}
					const [guest, ...clients] = received.map((envelope) => comparable(command === "session" ? withoutSession(envelope) : envelope));
					for (const http of clients) {
						// A session sets members in another order than a request that is lifted whole.
						if (command === "session") assert.equal(JSON.parse(http), JSON.parse(guest ?? ""), `${name}, by a session`);
						else assert.is(http, guest, `${name}, by ${command}`);
					}
				}
			}
		},
		{ kinds: [kind] },
	);
});

/** A session keeps to one backend by a key of its own. */
function withoutSession(envelope: RequestEnvelope<"chat_completions">): RequestEnvelope<"chat_completions"> {
	const { session_key: _, ...routing } = envelope.routing;
	return { ...envelope, routing };
}

test.run();
