/** A web server in a process of its own, with an HTTP cache in a folder. */
export interface Nginx extends AsyncDisposable {
  readonly url: URL;
  /** The folder that holds `ac/` and `cas/`. */
  readonly root: string;
  /** `ac/<key>` and `cas/<digest>` of all files. */
  files(): string[];
}

/** Where nginx is (Debian: nginx-light), if it is installed. */
export const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx"].find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** Starts nginx as a user would set it up, with basic authentication. */
export async function startNginx(
  { folder, user, password }: { folder: string; user: string; password: string },
): Promise<Nginx> {
  const root = `${folder}/root`;
  for (const name of ["root/ac", "root/cas", "body"]) {
    Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
  }
  // Its workers run as another user where it is started by root.
  for (const name of ["", "root", "root/ac", "root/cas", "body"]) Deno.chmodSync(`${folder}/${name}`, 0o777);
  Deno.chmodSync(folder.slice(0, folder.lastIndexOf("/")), 0o755);
  const port = freePort();
  Deno.writeTextFileSync(`${folder}/users`, `${user}:{PLAIN}${password}\n`);
  Deno.writeTextFileSync(
    `${folder}/nginx.conf`,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  client_max_body_size 0;
  server {
    listen 127.0.0.1:${port};
    root ${root};
    auth_basic "reparam";
    auth_basic_user_file ${folder}/users;
    location ~ "^/(ac|cas)/[0-9a-f]{64}$" {
      dav_methods PUT;
      create_full_put_path on;
      limit_except GET PUT { deny all; }
    }
  }
}
`,
  );
  const child = new Deno.Command(NGINX!, {
    args: ["-c", `${folder}/nginx.conf`, "-p", folder, "-e", `${folder}/error.log`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = new URL(`http://127.0.0.1:${port}/`);
  for (let attempt = 0;; attempt++) {
    try {
      await (await fetch(url)).body?.cancel();
      break;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    url,
    root,
    files: () =>
      ["ac", "cas"].flatMap((name) =>
        Array.from(Deno.readDirSync(`${root}/${name}`), (entry) => `${name}/${entry.name}`)
      )
        .sort(),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
