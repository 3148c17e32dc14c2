package dev.atrium.node.worker.wall;

/**
 * System calls that a worker has no use for, or only for some of their arguments, with the number
 * that each has on x86-64 and on ARM64.
 */
enum SystemCall {
    // Other processes.
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    KCMP(312, 272),
    PIDFD_OPEN(434, 434),
    PIDFD_GETFD(438, 438),
    PIDFD_SEND_SIGNAL(424, 424),
    KILL(62, 129),
    TKILL(200, 130),
    RT_SIGQUEUEINFO(129, 138),
    RT_TGSIGQUEUEINFO(297, 240),
    SETPRIORITY(141, 140),
    SCHED_SETSCHEDULER(144, 119),
    SCHED_SETPARAM(142, 118),
    SCHED_SETATTR(314, 274),
    SCHED_SETAFFINITY(203, 122),
    IOPRIO_SET(251, 30),
    FORK(57, SystemCall.ABSENT),
    VFORK(58, SystemCall.ABSENT),
    // Memory and messages that processes share.
    SHMGET(29, 194),
    SHMAT(30, 196),
    SHMCTL(31, 195),
    SEMGET(64, 190),
    SEMOP(65, 193),
    MSGGET(68, 186),
    MSGSND(69, 189),
    MSGRCV(70, 188),
    MQ_OPEN(240, 180),
    // What files are called, who owns them, what is mounted.
    CHMOD(90, SystemCall.ABSENT),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    FCHMODAT2(452, 452),
    CHOWN(92, SystemCall.ABSENT),
    FCHOWN(93, 55),
    LCHOWN(94, SystemCall.ABSENT),
    FCHOWNAT(260, 54),
    SETXATTR(188, 5),
    LSETXATTR(189, 6),
    FSETXATTR(190, 7),
    REMOVEXATTR(197, 14),
    LREMOVEXATTR(198, 15),
    FREMOVEXATTR(199, 16),
    SETXATTRAT(463, 463),
    REMOVEXATTRAT(466, 466),
    UTIME(132, SystemCall.ABSENT),
    UTIMES(235, SystemCall.ABSENT),
    FUTIMESAT(261, SystemCall.ABSENT),
    UTIMENSAT(280, 88),
    INOTIFY_ADD_WATCH(254, 27),
    FANOTIFY_INIT(300, 262),
    NAME_TO_HANDLE_AT(303, 264),
    OPEN_BY_HANDLE_AT(304, 265),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    CHROOT(161, 51),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    UNSHARE(272, 97),
    SETNS(308, 268),
    QUOTACTL(179, 60),
    // The machine and its kernel.
    BPF(321, 280),
    PERF_EVENT_OPEN(298, 241),
    USERFAULTFD(323, 282),
    IO_URING_SETUP(425, 425),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    KEYCTL(250, 219),
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    REBOOT(169, 142),
    SWAPON(167, 224),
    SWAPOFF(168, 225),
    ACCT(163, 89),
    SYSLOG(103, 116),
    SETTIMEOFDAY(164, 170),
    CLOCK_SETTIME(227, 112),
    CLOCK_ADJTIME(305, 266),
    ADJTIMEX(159, 171),
    SETHOSTNAME(170, 161),
    SETDOMAINNAME(171, 162),
    IOPL(172, SystemCall.ABSENT),
    IOPERM(173, SystemCall.ABSENT),
    MODIFY_LDT(154, SystemCall.ABSENT),
    // Allowed for some arguments; see SystemCallFilter.
    TGKILL(234, 131),
    PRLIMIT64(302, 261),
    CLONE(56, 220),
    CLONE3(435, 435),
    SOCKET(41, 198),
    SOCKETPAIR(53, 199),
    CONNECT(42, 203),
    BIND(49, 200),
    LISTEN(50, 201);

    static final int ABSENT = -1;

    private final int onX86;
    private final int onArm;

    SystemCall(int onX86, int onArm) {
        this.onX86 = onX86;
        this.onArm = onArm;
    }

    /** {@link #ABSENT} where there is no such call. */
    int number(Processor processor) {
        return switch (processor) {
            case X86_64 -> onX86;
            case ARM64 -> onArm;
        };
    }
}
