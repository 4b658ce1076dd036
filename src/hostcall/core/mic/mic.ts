import { EBADF } from "../../../../generated/hostcall/core/errno.ts";
import type { Mic } from "../../../../generated/hostcall/core/mic.ts";
import type { CoreScope } from "../core-scope.ts";
import type { FdTable } from "../fd-table.ts";
import { MicDescriptor, type MicScope } from "./mic-descriptor.ts";
import { MicDevice } from "./mic-device.ts";
import { soundOf } from "./microphone.ts";

/** Microphones of one instance. The embedder's sound is their device. */
export function createMic(scope: MicScope & Pick<CoreScope, "microphone">, fds: FdTable): Mic {
	const device = new MicDevice(scope.microphone === undefined ? undefined : soundOf(scope.microphone));
	return {
		create: () => fds.open(new MicDescriptor(scope, device)),
		setParam(fd, config) {
			const mic = fds.get(fd, MicDescriptor);
			return mic === EBADF ? EBADF : mic.setParam(config);
		},
		getStatus(fd) {
			const mic = fds.get(fd, MicDescriptor);
			return mic === EBADF ? EBADF : mic.status();
		},
		read(fd) {
			const mic = fds.get(fd, MicDescriptor);
			return mic === EBADF ? EBADF : mic.read();
		},
		close: (fd) => fds.close(fd),
	};
}
