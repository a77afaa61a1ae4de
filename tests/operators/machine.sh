#!/usr/bin/env bash
# A machine for operators' pages: systemd as the first process of namespaces of its own (files, network, processes, host name),
# with this system's programs. What is written below /etc, /var, /usr/local, /opt and /srv is written beside them, into FOLDER;
# /root, /home, /run and /mnt are new and empty. Nothing of it reaches the system that it runs on. To be started by run.sh, in
# fresh namespaces, as root.
#
#   machine.sh NAME ADDRESS FOLDER HOSTS
#
# Its network is eth0, which the one who starts it moves here. HOSTS becomes /etc/hosts.
set -euo pipefail

name=$1 address=$2 folder=$3 hosts=$4

mount --make-rprivate /
hostname "$name"

# Each folder as it is, with what is changed kept beside it.
for part in etc var usr/local opt srv; do
  mkdir -p "$folder/$part/upper" "$folder/$part/work"
  mount -t overlay overlay -o "lowerdir=/$part,upperdir=$folder/$part/upper,workdir=$folder/$part/work" "/$part"
done
for part in root home run mnt; do mount -t tmpfs -o mode=755 "qc-$part" "/$part"; done
chmod 700 /root
cp "$hosts" /etc/hosts
printf '%s\n' "$name" >/etc/hostname
printf '127.0.0.1 localhost\n' >>/etc/hosts

mount -t tmpfs -o mode=755 qc-dev /dev
mkdir /dev/pts /dev/shm
for device in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 "/dev/${device%:*}" c 1 "${device#*:}"
done
mknod -m 666 /dev/tty c 5 0
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts /dev/pts
ln -s pts/ptmx /dev/ptmx
ln -s /proc/self/fd /dev/fd
mount -t tmpfs qc-shm /dev/shm

# A tree of control groups of its own, of the kind that this system has; and settings of the kernel are not its to change.
mount -t sysfs -o ro sysfs /sys
if [ -e /proc/self/ns/cgroup ] && grep -q '^[0-9]*:name=systemd:' /proc/self/cgroup; then
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  mkdir /sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
else
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys

ip link set lo up
for _ in $(seq 100); do
  ! ip link show eth0 >/dev/null 2>&1 || break
  sleep 0.1
done
ip address add "$address/24" dev eth0
ip link set eth0 up

# Nothing that this system has enabled is started, only what the pages start.
rm -rf /etc/systemd/system
mkdir -p /etc/systemd/system
cat >/etc/systemd/system/machine.target <<'UNIT'
[Unit]
Description=A machine of the operators' pages
Wants=systemd-journald.service network-online.target
UNIT
exec env -i container=qc PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=machine.target --log-target=console --log-level=notice --show-status=no
