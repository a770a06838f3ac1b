"""Makes what guests boot from, unless it is there: what `scripts/setup` does ahead of the first test that boots one."""
from appliance.kernel.cache import CACHE
from appliance.kernel.debian import debian_kernel

from .image import initramfs


def main():
    kernel = debian_kernel()
    initramfs(kernel)
    print(f"guests: Linux {kernel.release} is in {CACHE}")


if __name__ == "__main__":
    main()
