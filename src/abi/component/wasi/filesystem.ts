const REFUSED = { tag: "err", val: "access" } as const;
const refuse = () => REFUSED;

/** The resource class of files. No directory is preopened, so no guest receives one. Every operation answers `access`. */
class Descriptor {
	isSameObject(): boolean {
		return false;
	}
}

const OPERATIONS = [
	"readViaStream",
	"writeViaStream",
	"appendViaStream",
	"advise",
	"syncData",
	"getFlags",
	"getType",
	"setSize",
	"setTimes",
	"read",
	"write",
	"readDirectory",
	"sync",
	"createDirectoryAt",
	"stat",
	"statAt",
	"setTimesAt",
	"linkAt",
	"openAt",
	"readlinkAt",
	"removeDirectoryAt",
	"renameAt",
	"symlinkAt",
	"unlinkFileAt",
	"metadataHash",
	"metadataHashAt",
];
for (const operation of OPERATIONS) Object.defineProperty(Descriptor.prototype, operation, { value: refuse });

class DirectoryEntryStream {
	readDirectoryEntry() {
		return REFUSED;
	}
}

/** Returns `wasi:filesystem` without a file system. */
export function wasiFilesystem() {
	return {
		"wasi:filesystem/preopens": { getDirectories: (): [Descriptor, string][] => [] },
		"wasi:filesystem/types": { Descriptor, DirectoryEntryStream, filesystemErrorCode: (): undefined => undefined },
	};
}
