import { OPERATION_NAMES } from "../../../operations/is-operation.ts";
import { BackendConfigError } from "../../backend.ts";
import { isKindName } from "../../kind-name.ts";
import type { ConformanceCase } from "../case.ts";
import type { ConformanceFixture } from "../fixture.ts";
import type { LocalFixture } from "../local-fixture.ts";
import { ensure } from "../same.ts";
import { withOptions } from "../trial.ts";

/** Function that implements each transport. */
const MEMBERS = { unary: "unary", server_stream: "stream", bidi_stream: "connect" } as const;

/** Cases of the kind itself, whatever its operations. */
export function kindCases(fixture: ConformanceFixture | LocalFixture): ConformanceCase[] {
	const { kind } = fixture;
	const config = fixture.config("http://127.0.0.1:9");
	return [
		{
			name: "the name of the kind can stand in a configuration",
			run: async () => {
				ensure(isKindName(kind.name), `'${kind.name}' is not lower-case words joined by '-'`);
				ensure(config.kind === kind.name, `the fixture configures the kind '${config.kind}'`);
			},
		},
		{
			name: "an unknown option is refused with its name",
			run: async () => {
				const option = "option_of_no_kind";
				try {
					await kind.create(withOptions(config, { [option]: 1 })).close();
				} catch (thrown) {
					ensure(thrown instanceof BackendConfigError, `the kind throws no BackendConfigError: ${String(thrown)}`);
					ensure(thrown.message.includes(option), `the message does not name the option: ${thrown.message}`);
					return;
				}
				ensure(false, "the kind accepts an option that it does not know");
			},
		},
		{
			name: "each declared transport is implemented, and each implementation declared",
			run: async () => {
				const { operations, capabilities, close } = kind.create(config);
				for (const operation of OPERATION_NAMES) {
					const declared = capabilities[operation]?.transports ?? [];
					const served: object = operations[operation] ?? {};
					for (const [transport, member] of Object.entries(MEMBERS)) {
						const isDeclared = declared.some((name) => name === transport);
						const isImplemented = typeof Reflect.get(served, member) === "function";
						ensure(isDeclared === isImplemented, `${operation}: ${transport} is ${isDeclared ? "declared" : "implemented"} only`);
					}
				}
				await close();
			},
		},
		{
			name: "each operation has a fixture",
			run: async () => {
				const { operations, close } = kind.create(config);
				await close();
				for (const operation of OPERATION_NAMES) {
					if (operation === "realtime_voice" || operations[operation] === undefined || fixture.partial === true) continue;
					ensure(fixture.operations[operation] !== undefined, `the fixture says nothing of ${operation}`);
				}
			},
		},
	];
}
