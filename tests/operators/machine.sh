#!/usr/bin/env bash
# A machine for operators' pages: systemd as the first process of namespaces of its own (files, network, processes, host name).
# Its root is a file system in memory. Of the system that it runs on it sees programs (/usr, /bin, …) and what it is given by
# name, all read-only; /etc, /var, /usr/local, /opt and /srv as they are, with its changes in memory; and it can write to one
# folder, FOLDER. Everything else (/tmp, /root, /run, /dev, …) is its own and empty, and the old root is gone: what systemd does
# when it starts, such as emptying /tmp, meets nothing that is not the machine's. To be started by run.sh as root, in fresh
# namespaces.
#
#   machine.sh NAME ADDRESS HOSTS FOLDER [READ-ONLY-FOLDER]...
#
# Its network is eth0, which the one who starts it moves here. HOSTS becomes /etc/hosts.
set -euo pipefail

name=$1 address=$2 hosts=$3 folder=$4
shift 4
[ "$$" -eq 1 ] || { echo "machine.sh: not the first process of namespaces of its own" >&2 && exit 2; }

mount --make-rprivate /
root=$folder/machines/$name
mkdir -p "$root"
mount -t tmpfs -o mode=755 "qc-$name" "$root"
mkdir "$root"/{dev,etc,home,mnt,opt,proc,root,run,srv,sys,tmp,var} "$root/.changes"
chmod 1777 "$root/tmp"
chmod 700 "$root/root" "$root/.changes"

# show FOLDER: as it is, read-only.
show() {
  mkdir -p "$root$1"
  mount --bind "$1" "$root$1"
  mount -o remount,bind,ro "$root$1"
}

# change FOLDER: as it is, with changes kept in memory.
change() {
  local kept=$root/.changes/${1//\//_}
  mkdir -p "$kept/upper" "$kept/work"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$kept/upper,workdir=$kept/work" "$root$1"
}

for part in /bin /sbin /lib /lib32 /lib64 /libx32; do
  if [ -L "$part" ]; then cp -a "$part" "$root/"; elif [ -d "$part" ]; then show "$part"; fi
done
show /usr
for part in /etc /var /usr/local /opt /srv; do change "$part"; done
for part in "$@"; do show "$part"; done
mkdir -p "$root$folder"
mount --bind "$folder" "$root$folder"

# A mount of its own: else systemd would mount the system's devices there.
mount -t tmpfs -o mode=755 qc-dev "$root/dev"
for device in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"
done
mknod -m 666 "$root/dev/tty" c 5 0
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs qc-shm "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
# A tree of control groups of its own, of the kind that this system has.
mount -t sysfs -o ro sysfs "$root/sys"
if grep -q '^[0-9]*:name=systemd:' /proc/self/cgroup; then
  mount -t tmpfs -o mode=755 cgroup "$root/sys/fs/cgroup"
  mkdir "$root/sys/fs/cgroup/systemd"
  mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
  if [ -d /sys/fs/cgroup/unified ]; then
    mkdir "$root/sys/fs/cgroup/unified"
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
  fi
else
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
fi

cp "$hosts" "$root/etc/hosts"
printf '%s\n' "$name" >"$root/etc/hostname"
hostname "$name"
# Nothing that this system has enabled is started, only what the pages start.
rm -rf "$root/etc/systemd/system"
mkdir -p "$root/etc/systemd/system"
cat >"$root/etc/systemd/system/machine.target" <<'UNIT'
[Unit]
Description=A machine of the operators' pages
Wants=systemd-journald.service
UNIT

ip link set lo up
for _ in $(seq 100); do
  ! ip link show eth0 >/dev/null 2>&1 || break
  sleep 0.1
done
ip address add "$address/24" dev eth0
ip link set eth0 up

cd "$root"
mkdir .old
pivot_root . .old
umount --lazy /.old
rmdir /.old
exec env -i container=qc PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=machine.target --log-target=console --log-level=notice --show-status=no
