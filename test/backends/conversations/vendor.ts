import type { Backend } from "../../../src/backends/backend.ts";
import { OpenAiServer } from "../../helpers/openai-server.ts";
import type { ModelTurn, Said, VendorWire } from "./wire.ts";

/** An instance of a kind, and the model behind it. */
export interface Connection {
	readonly backend: Backend;
	/** Scripts the next answer. `index` counts from 0. */
	play(turn: ModelTurn, index: number): void;
	/** Returns what the last request said. */
	said(): Said[];
	close(): Promise<void>;
}

/** A vendor that conversations pass through. */
export interface Vendor extends Pick<VendorWire, "callId" | "sealsReasoning"> {
	/** Name of the kind, with its preset. */
	readonly name: string;
	/** False if the vendor refuses images. */
	readonly takesImages: boolean;
	/** Opens an instance of this name. */
	connect(name: string): Promise<Connection>;
}

/** Returns a vendor with an HTTP upstream. */
export function overHttp(wire: VendorWire): Vendor {
	const { kind, callId, sealsReasoning } = wire;
	return {
		name: wire.name ?? kind.name,
		callId,
		sealsReasoning,
		takesImages: true,
		async connect(name) {
			const server = await OpenAiServer.start();
			const base_url = wire.config.base_url === undefined ? server.baseUrl : new URL(server.baseUrl).origin + wire.config.base_url;
			const backend = kind.create({ name, kind: kind.name, models: [], options: {}, ...wire.config, base_url });
			return {
				backend,
				play: (turn, index) => server.script(wire.answer(turn, index)),
				said() {
					const request = server.requests.at(-1);
					if (request === undefined) throw new Error("no request arrived");
					return wire.read(request);
				},
				async close() {
					await backend.close();
					await server.close();
				},
			};
		},
	};
}
